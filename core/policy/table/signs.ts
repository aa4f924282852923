import { FILE_SIGNS } from './fileSigns';
import { NETWORK_SIGNS } from './networkSigns';
import { PROGRAM_SIGNS } from './programSigns';
import { REACH_SIGNS } from './reachSigns';
import { SHELL_SIGNS } from './shellSigns';
import type { Sign } from './sign';

/** All signs of an attack in an alert's texts. */
export const SIGNS: readonly Sign[] = [
  ...SHELL_SIGNS,
  ...REACH_SIGNS,
  ...PROGRAM_SIGNS,
  ...NETWORK_SIGNS,
  ...FILE_SIGNS,
];
