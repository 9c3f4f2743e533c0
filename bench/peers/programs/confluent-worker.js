import { ConfluentMember } from './confluent-member.js';
import { serveMember } from './group-member.js';

serveMember((task, post) => new ConfluentMember(task, post));
