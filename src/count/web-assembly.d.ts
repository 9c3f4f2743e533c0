/** The part of WebAssembly that batch-sums.ts uses; Node's types leave it to those of browsers. */
declare namespace WebAssembly {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- an opaque handle
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    readonly buffer: SharedArrayBuffer;
    /** Sizes in pages of 64 KiB. */
    constructor(options: { readonly initial: number; readonly maximum: number; readonly shared: true });
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  }
}
