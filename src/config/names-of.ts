/** The names of a table of kinds, in its order, as choices and schemas want them. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly [Name, ...Name[]] {
  return Object.keys(table) as [Name, ...Name[]];
}
