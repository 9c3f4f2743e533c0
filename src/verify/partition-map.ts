/** One value per partition, created on first access: partitions may be added while a group runs. */
export class PartitionMap<Value> {
  readonly #values = new Map<number, Value>();
  readonly #make: (partition: number) => Value;

  constructor(make: (partition: number) => Value) {
    this.#make = make;
  }

  get(partition: number): Value {
    const known = this.#values.get(partition);
    if (known !== undefined) return known;
    const made = this.#make(partition);
    this.#values.set(partition, made);
    return made;
  }

  [Symbol.iterator](): IterableIterator<[partition: number, value: Value]> {
    return this.#values.entries();
  }
}
