import { COVER_SIGNS } from './coverSigns';
import { EXPLOIT_SIGNS } from './exploitSigns';
import { FILE_SIGNS } from './fileSigns';
import { LATE_SIGNS } from './lateSigns';
import { NETWORK_SIGNS } from './networkSigns';
import { OUTWARD_SIGNS } from './outwardSigns';
import { PROGRAM_SIGNS } from './programSigns';
import { REACH_SIGNS } from './reachSigns';
import { ROOT_SIGNS } from './rootSigns';
import { SHELL_SIGNS } from './shellSigns';
import type { Sign } from './sign';
import { THEFT_SIGNS } from './theftSigns';
import { TOOL_SIGNS } from './toolSigns';

/** All signs of an attack in an alert's texts. */
export const SIGNS: readonly Sign[] = [
  ...SHELL_SIGNS,
  ...EXPLOIT_SIGNS,
  ...REACH_SIGNS,
  ...PROGRAM_SIGNS,
  ...NETWORK_SIGNS,
  ...FILE_SIGNS,
  ...THEFT_SIGNS,
  ...ROOT_SIGNS,
  ...COVER_SIGNS,
  ...TOOL_SIGNS,
  ...OUTWARD_SIGNS,
  ...LATE_SIGNS,
];
