/**
 * The definitions of a word. The product's tokenizer is in count/, the independent one in
 * workload/naive-count.ts; neither compiles without all of these names.
 */
export const tokenizers = {
  unicode: 'letters, marks, digits and _ of all scripts',
  ascii: 'A-Z, a-z, 0-9 and _',
} as const;
export type Tokenizer = keyof typeof tokenizers;
