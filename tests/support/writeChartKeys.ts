/**
 * Writes tests/fixtures/charts/<chart>.json, when a chart's version changes:
 *
 *     helm show values falcosecurity/falco --version 9.1.0 | npx tsx tests/support/writeChartKeys.ts falco 9.1.0
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type ChartKeys, keysOf, readValues } from './chartKeys';

const [chart, version] = process.argv.slice(2);
if (chart === undefined || version === undefined) throw new Error('Name the chart and its version.');

const written: ChartKeys = { chart, version, keys: keysOf(readValues(readFileSync(0, 'utf8'))).toSorted() };
writeFileSync(join(__dirname, '../fixtures/charts', `${chart}.json`), `${JSON.stringify(written, null, 2)}\n`);
