/** What a user may type while `run` is running, one instruction per line. */
export type Instruction =
  | { readonly type: 'add'; readonly group: string }
  | { readonly type: 'drain' | 'kill'; readonly group: string; readonly member: number }
  | { readonly type: 'killBroker' | 'restartBroker'; readonly nodeId: number }
  | { readonly type: 'status' }
  | { readonly type: 'stop' };

export const instructionHelp =
  'add A · kill A0 · drain B2 · kill-broker 1 · restart-broker 1 · status · stop (one per line)';

/** @returns undefined when the line is not an instruction */
export function parseInstruction(line: string): Instruction | undefined {
  const [verb = '', target = '', ...rest] = line.trim().split(/\s+/);
  if (rest.length > 0) return undefined;
  const member = /^([AB])(\d+)$/i.exec(target);
  const group = /^[AB]$/i.exec(target)?.[0].toUpperCase();
  const nodeId = /^\d+$/.test(target) ? Number(target) : undefined;
  switch (verb) {
    case 'add':
      return group === undefined ? undefined : { type: 'add', group };
    case 'drain':
    case 'kill':
      if (member?.[1] === undefined) return undefined;
      return { type: verb, group: member[1].toUpperCase(), member: Number(member[2]) };
    case 'kill-broker':
      return nodeId === undefined ? undefined : { type: 'killBroker', nodeId };
    case 'restart-broker':
      return nodeId === undefined ? undefined : { type: 'restartBroker', nodeId };
    case 'status':
    case 'stop':
      return target === '' ? { type: verb } : undefined;
    default:
      return undefined;
  }
}
