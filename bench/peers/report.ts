import { percentile } from '../percentile.js';
import type { Burst, Single } from './measure.js';
import type { Price } from './peer.js';
import { busyTime, type CpuProfile, fileOf, packageOf, sharesBy } from './profile.js';
import type { Repetition } from './repetition.js';

const NAME = 42;
const PACKAGES = 20;
const FILES = 30;
/** Of the profile: the package of this repository. */
const OURS = 'n8n-nodes-incident-pipeline';

const cell = (text: string): string => text.padStart(12);
const row = (name: string, cells: readonly string[]): void => {
  console.log(`  ${name.padEnd(NAME)}${cells.map(cell).join('')}`);
};
const ms = (value: number): string => `${value.toFixed(1)} ms`;
/** Alerts a second for which one processor is enough. */
const perCore = ({ own, all }: Price): string[] => [own, all].map((each) => (1000 / each).toFixed(1));
const PRICES = ['own time', 'all time', 'own/s/core', 'all/s/core', 'others'];
const prices = (price: Price): string[] => [ms(price.own), ms(price.all), ...perCore(price), price.others.toFixed(2)];

export function printSingles(title: string, singles: readonly Single[]): void {
  console.log(`\nAlert POSTed → pod labelled, one at a time, ${title}`);
  row('', ['alerts', 'p50', 'p99', ...PRICES]);
  for (const { peer, times, price } of singles)
    row(peer.name, [String(times.length), ms(percentile(times, 0.5)), ms(percentile(times, 0.99)), ...prices(price)]);
}

export function printBursts(title: string, burst: number, found: readonly Burst[]): void {
  console.log(`\nBurst: ${burst} alerts at the same time, each about a pod of its own, ${title}`);
  row('', ['labelled/s', 'least', 'not labelled', ...PRICES]);
  for (const { peer, perSecond, missed, price } of found)
    row(peer.name, [
      percentile(perSecond, 0.5).toFixed(1),
      Math.min(...perSecond).toFixed(1),
      String(missed),
      ...prices(price),
    ]);
}

export function printRepetitions(sources: number, found: readonly Repetition[]): void {
  console.log(`\nRepetitive stream of ${sources} sources, by Zipf's law`);
  row('', ['alerts', 'accepted', 'alerts/s', 'calls/1000', 'tokens/1000', ...PRICES]);
  for (const { peer, alerts, accepted, seconds, model, price } of found)
    row(peer.name, [
      String(alerts),
      String(accepted),
      (accepted / seconds).toFixed(1),
      ((model.calls / alerts) * 1000).toFixed(0),
      ((model.tokens / alerts) * 1000).toFixed(0),
      ...prices(price),
    ]);
}

/** @param alerts that were contained meanwhile */
export function printProfile(profile: CpuProfile, alerts: number): void {
  const busy = busyTime(profile);
  console.log(`\nn8n's main thread: ${ms(busy / alerts)} for each alert; of them, in each package`);
  printShares(profile, packageOf, PACKAGES, busy, alerts);
  console.log(`\nThe same in each file of ${OURS}`);
  printShares(profile, (frame) => (packageOf(frame) === OURS ? fileOf(frame) : null), FILES, busy, alerts);
  console.log(`\nThe same in each file`);
  printShares(profile, fileOf, FILES, busy, alerts);
}

function printShares(
  profile: CpuProfile,
  partOf: Parameters<typeof sharesBy>[1],
  most: number,
  busy: number,
  alerts: number,
): void {
  console.log(`  ${cell('self')}${cell('share')}${cell('total')}${cell('share')}`);
  for (const { part, self, total } of sharesBy(profile, partOf).slice(0, most)) {
    const cells = [self, total].flatMap((time) => [
      `${(time / alerts).toFixed(2)} ms`,
      `${((time / busy) * 100).toFixed(1)} %`,
    ]);
    console.log(`  ${cells.map(cell).join('')}  ${part}`);
  }
}
