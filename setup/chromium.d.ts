/** Path of a Chromium, or of a browser made of it. */
export function findChromium(): string | undefined;
