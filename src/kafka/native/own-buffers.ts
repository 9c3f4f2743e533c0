import type { BatchBuffers } from './consumer-options.ts';

/** Default buffers of a consumer without other buffers. */
export class OwnBuffers implements BatchBuffers {
  values = new Uint8Array(0);
  rows = new Float64Array(0);

  reserve({ valuesBytes, rowNumbers }: { readonly valuesBytes: number; readonly rowNumbers: number }): void {
    if (this.values.length < valuesBytes) this.values = new Uint8Array(valuesBytes);
    if (this.rows.length < rowNumbers) this.rows = new Float64Array(rowNumbers);
  }
}
