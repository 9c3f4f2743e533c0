// Counts the words of all text files in a folder: node examples/count-folder.ts FOLDER
import { ClusterError, produce, startBrokers, startGroup, verifyTopic } from 'consumer-cluster-wordcount';

const folder = process.argv[2] ?? '.';
try {
  await using brokers = await startBrokers();
  const { records } = await produce({ brokers, topic: 'lines', input: [folder] });
  await using group = await startGroup({ brokers, topic: 'lines', members: 4 });
  await group.untilCounted();
  const counts = await group.counts();
  const { equal } = await verifyTopic({ brokers, counts });
  console.log(`${records} lines, ${counts.words.size} different words, ${equal ? 'verified' : 'WRONG'}`);
  for (const { word, count } of group.topWords(10) ?? []) console.log(`${String(count).padStart(8)}  ${word}`);
} catch (error) {
  if (!(error instanceof ClusterError)) throw error;
  console.error(`${error.message}${error.hint === undefined ? '' : `\nhint: ${error.hint}`}`);
  process.exitCode = 1;
}
