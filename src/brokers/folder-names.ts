/**
 * Names in a cluster's folder, in which its processes run; prepareFolder in node-files.ts makes
 * them.
 */
export const linkToKafka = 'kafka';
export const logConfig = 'log4j2.properties';
export const temporaryFolder = 'tmp';
