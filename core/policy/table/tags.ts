import { contain, type PlaybookEntry, review } from './entry';

/** The tactics that Falco's rules are tagged with. No tactic alone is enough to act on. */
const TACTICS = [
  'reconnaissance',
  'initial_access',
  'execution',
  'persistence',
  'privilege_escalation',
  'defense_evasion',
  'credential_access',
  'discovery',
  'lateral_movement',
  'collection',
  'exfiltration',
  'command_and_control',
  'impact',
] as const;

/**
 * MITRE ATT&CK techniques and tactics by the tags of Falco's rules, for rules without rows. The first match in this
 * order counts: techniques that are clear enough on their own come first, then those that need a person.
 */
export const BY_TAG: ReadonlyMap<string, PlaybookEntry> = new Map([
  ['T1611', contain('The rule is tagged as an escape to the node (T1611).', 'isolateByTag')],
  ['T1620', contain('The rule is tagged as reflective code loading (T1620).', 'isolateByTag')],
  ['T1496', contain('The rule is tagged as resource hijacking, such as mining (T1496).', 'isolateByTag')],
  ['T1055', contain('The rule is tagged as process injection (T1055).', 'isolateByTag')],
  ['T1055.008', contain('The rule is tagged as injection by ptrace (T1055.008).', 'isolateByTag')],
  ['T1059', review('The rule is tagged as use of an interpreter (T1059): some programs do so by design.')],
  ['T1059.004', review('The rule is tagged as use of a Unix shell (T1059.004): some programs do so by design.')],
  ['T1070', review('The rule is tagged as removal of traces (T1070): evidence may be lost.')],
  ['T1485', review('The rule is tagged as destruction of data (T1485): data may be lost.')],
  ['T1552', review('The rule is tagged as a search for credentials in files (T1552).')],
  ['T1552.001', review('The rule is tagged as a search for credentials in files (T1552.001).')],
  ['T1555', review('The rule is tagged as access to stored credentials (T1555).')],
  ['T1557.002', review('The rule is tagged as ARP spoofing (T1557.002).')],
  ['T1565', review('The rule is tagged as manipulation of data (T1565).')],
  ['T1622', review('The rule is tagged as evasion of debuggers (T1622).')],
  ['TA0003', review('The rule is tagged with the tactic persistence (TA0003).')],
  ...TACTICS.map((name): [string, PlaybookEntry] => [
    `mitre_${name}`,
    review(`The rule is tagged with the tactic ${name.replaceAll('_', ' ')}.`),
  ]),
]);

/** For what nothing else answers. */
export const FALLBACK: PlaybookEntry = review('The playbook has no entry for this rule.');
