import { ClusterError } from '../../errors.ts';
import type { ValueKind } from './option.ts';

/** Kafka's limit for a group.instance.id is 249 characters; a number follows the prefix. */
const lengthMax = 240;

/**
 * Beginning of the group.instance.ids of a process. Kafka's Java client accepts the same characters
 * in a group.instance.id.
 */
export const instanceIdPrefix: ValueKind<string> = {
  parse: (flag, text) => {
    if (/^[a-zA-Z0-9._-]+$/.test(text) && text.length <= lengthMax) return text;
    throw new ClusterError('usage', `${flag}: '${text}' is not a valid beginning of a group.instance.id`, {
      hint: `use letters, digits, '.', '_' and '-', at most ${lengthMax} characters`,
    });
  },
  allowed: '',
  show: (text) => text,
};
