import { ConfluentMember } from './confluent-member.js';
import { runGroup } from './group-run.js';
import { readTask } from './program.js';

await runGroup(readTask(), (task, post) => new ConfluentMember(task, post));
