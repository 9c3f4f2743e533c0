import { isSecretProperty, readClientProperties } from '../../../config/client-properties.ts';
import type { AssignmentStrategy, GroupProtocol } from '../../../config/group-protocols.ts';
import { propertyRules } from '../../../config/librdkafka-properties.ts';
import { ClusterError } from '../../../errors.ts';
import type { ReportedVariant } from '../variants-report.ts';

/** The values of each setting on a command line; a setting with one value is not swept. */
interface Dimensions {
  readonly properties: readonly { readonly label: string; readonly properties: Readonly<Record<string, string>> }[];
  readonly members: readonly number[];
  readonly groupProtocol: readonly GroupProtocol[];
  readonly assignmentStrategy: readonly AssignmentStrategy[];
}

const variantsMax = 64;

/**
 * Parses `PROPERTY=a,b,c` into client properties, each validated like --command-property.
 * @throws ClusterError usage; the message never contains a value that may be a secret
 */
export async function readSweptProperty(text: string | undefined): Promise<Dimensions['properties']> {
  if (text === undefined) return [{ label: '', properties: {} }];
  const separator = text.indexOf('=');
  const name = text.slice(0, Math.max(0, separator)).trim();
  const values = text.slice(separator + 1).split(',');
  if (separator < 1 || values.some((value) => value.trim() === '') || new Set(values).size < values.length) {
    throw new ClusterError('usage', 'the argument is not PROPERTY=VALUE,VALUE with different values', {
      hint: 'write, for example, fetch.min.bytes=1,65536,1048576',
    });
  }
  const read = (value: string) =>
    readClientProperties({ file: undefined, entries: [`${name}=${value}`], origin: 'sweep' });
  // Check for secrets first: reading the values registers them as secrets.
  if (propertyRules.get(name)?.values.kind === 'secret') throw mayBeSecret(name);
  const variants = await Promise.all(
    values.map(async (value) => ({ label: `${name}=${value}`, properties: await read(value) })),
  );
  for (const property of variants.flatMap(({ properties }) => Object.keys(properties))) {
    if (isSecretProperty(property)) throw mayBeSecret(property);
    if (propertyRules.get(property)?.scope === 'P') {
      throw new ClusterError('usage', `${property} has no effect on members: it is a property of producers`);
    }
  }
  return variants;
}

function mayBeSecret(property: string): ClusterError {
  return new ClusterError('usage', `${property} is a secret, and swept values are part of the report`, {
    hint: 'sweep another property',
  });
}

/**
 * Pure: every combination of the values.
 * @throws ClusterError usage when there are fewer than 2 combinations or more than 64
 */
export function variantsOf({ properties, members, groupProtocol, assignmentStrategy }: Dimensions): ReportedVariant[] {
  const protocols = groupProtocol.flatMap(
    (protocol): Pick<ReportedVariant, 'groupProtocol' | 'assignmentStrategy'>[] =>
      ({
        classic: assignmentStrategy.map((strategy) => ({ groupProtocol: protocol, assignmentStrategy: strategy })),
        consumer: [{ groupProtocol: protocol }],
      })[protocol],
  );
  const variants = properties.flatMap((property) =>
    members.flatMap((count) =>
      protocols.map((protocol): ReportedVariant => {
        const label = [
          property.label,
          ...(members.length > 1 ? [`members=${count}`] : []),
          ...(protocols.length > 1 ? [protocol.assignmentStrategy ?? protocol.groupProtocol] : []),
        ];
        const { properties: swept } = property;
        return {
          label: label.filter((part) => part !== '').join(', '),
          members: count,
          ...protocol,
          properties: swept,
        };
      }),
    ),
  );
  if (variants.length < 2) {
    throw new ClusterError('usage', 'sweep has only one variant', {
      hint: 'pass PROPERTY=VALUE,VALUE, or a list to --members, --group-protocol or --assignment-strategy',
    });
  }
  if (variants.length <= variantsMax) return variants;
  throw new ClusterError('usage', `sweep has ${variants.length} variants; the limit is ${variantsMax}`, {
    hint: 'pass fewer values',
  });
}
