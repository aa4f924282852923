import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { credentialsOf } from './support/canvas/credentials';
import { isInside } from './support/canvas/geometry';
import { boxOf, isNote } from './support/canvas/nodes';
import {
  crossings,
  cutByNotes,
  overlaps,
  sizeOf,
  struckThrough,
  tooSmall,
  withoutNote,
} from './support/canvas/problems';
import { ROOT } from './support/manifests';
import { loadWorkflow } from './support/workflows';

/** What n8n can show on a screen of 1600 by 1000 pixels with names more than ten pixels high. */
const WIDEST = 1880;
const HIGHEST = 1130;

/** Lines that cross, and why no layout is without them. */
const CROSSINGS: Readonly<Record<string, { because: string; lines: string[] }>> = {
  'incident-pipeline': {
    because:
      'Both actions lead to the same three nodes, and RACE Agent to two of these, by outputs whose order n8n draws from top to bottom. Record Event and Request Approval stand in between.',
    lines: [
      'Delete Pod -> Open Neo Task x Quarantine Pod -> Count Incident',
      'Delete Pod -> Open Neo Task x RACE Agent -> Count Incident',
      'Delete Pod -> Open Neo Task x Record Event -> Request Approval',
      'Delete Pod -> Record Event x Quarantine Pod -> Count Incident',
      'Delete Pod -> Record Event x Quarantine Pod -> Open Neo Task',
      'Delete Pod -> Record Event x RACE Agent -> Count Incident',
      'Quarantine Pod -> Open Neo Task x RACE Agent -> Count Incident',
      'Quarantine Pod -> Open Neo Task x Record Event -> Request Approval',
      'Quarantine Pod -> Record Event x RACE Agent -> Count Incident',
    ],
  },
  'carry-out-decision': {
    because: 'Three actions lead to the same two nodes: each pair crosses once.',
    lines: [
      'Delete Pod -> Count Incident x Quarantine Pod -> Record Event',
      'Delete Pod -> Count Incident x Release Pod -> Record Event',
      'Quarantine Pod -> Count Incident x Release Pod -> Record Event',
    ],
  },
  reconcile: {
    because:
      'What nobody decided and what was given up lead to the same three nodes. What was given up is reported after decisions were carried out, so below them. And a loop that has ended leads back to before it: out of what its own line encloses.',
    lines: [
      "For Each Alert -> Read Falco's Output x Start Pipeline -> For Each Alert",
      'For Each Restart -> Restart Alerts x Restart Alerts -> Record Event',
      'For Each Restart -> Restart Alerts x Start Pipeline Again -> For Each Restart',
      'Nobody Decided? -> Notify the Team x Request Approval -> Count Incident',
      'Nobody Decided? -> Record Outcome x Request Approval -> Count Incident',
      'Nobody Decided? -> Record Outcome x Request Approval -> Notify the Team',
      'Restart Alerts -> Record Event x Retry Decisions -> Nobody Decided?',
    ],
  },
};

describe.each(readdirSync(join(ROOT, 'workflows')).map((file) => file.replace('.json', '')))(
  'the canvas of %s',
  (id) => {
    const workflow = loadWorkflow(id);
    const notes = workflow.nodes.filter(isNote);

    test('is small enough to be read as a whole', () => {
      const { width, height } = sizeOf(workflow);
      expect(width).toBeLessThanOrEqual(WIDEST);
      expect(height).toBeLessThanOrEqual(HIGHEST);
    });

    test('has no node, name or text on another', () => {
      expect(overlaps(workflow)).toEqual([]);
    });

    test('has no line through a node, a name or a text', () => {
      expect(struckThrough(workflow)).toEqual([]);
    });

    test('has no lines that cross where it can be without', () => {
      expect(crossings(workflow)).toEqual(CROSSINGS[id]?.lines ?? []);
    });

    test('has every node in the note of its stage', () => {
      expect(withoutNote(workflow)).toEqual([]);
      expect(cutByNotes(workflow)).toEqual([]);
    });

    test('has notes that are large enough for their text', () => {
      expect(tooSmall(workflow)).toEqual([]);
    });

    test('names each credential that a node needs in the note of its stage', () => {
      const missing = workflow.nodes
        .filter((node) => !isNote(node))
        .flatMap((node) => {
          const stage = notes.find((note) => isInside(boxOf(node), boxOf(note)));
          return credentialsOf(node)
            .filter((name) => !String(stage?.parameters.content).includes(name))
            .map((name) => `${node.name}: ${name}`);
        });
      expect(missing).toEqual([]);
    });
  },
);
