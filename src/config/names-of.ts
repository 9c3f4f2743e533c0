/** The names of a table of kinds, in its order, as a non-empty list for choices and schemas. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly [Name, ...Name[]] {
  return Object.keys(table) as [Name, ...Name[]];
}
