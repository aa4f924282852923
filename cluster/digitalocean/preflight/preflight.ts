import * as digitalocean from '@pulumi/digitalocean';
import { userId } from '../pagerduty/package';
import type { Settings } from '../settings/settings';
import { type Problem, SettingsError } from '../settings/problems';
import { appPlatformProblems } from './appPlatform';
import { asker } from './ask';
import { existingCluster } from './existing';
import { groupingProblems } from './grouping';
import { imageProblems } from './image';

/** The results of the checks before anything is created. */
export interface Preflight {
  /** Exactly one of DigitalOcean's versions. */
  kubernetesVersion: string;
  pagerDutyUserId: string;
  /** US dollars for all nodes together. */
  nodesPerHour: number;
}

/**
 * Checks the settings against DigitalOcean and PagerDuty. It runs in previews too, before any resource is declared.
 * @throws SettingsError with every problem
 */
export async function preflight(settings: Settings): Promise<Preflight> {
  const problems: Problem[] = [];
  const asked = async <T>(question: Promise<T>, problem: (reason: string) => Problem): Promise<T | undefined> => {
    try {
      return await question;
    } catch (error) {
      problems.push(problem(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  };
  const { name, region, nodeSize, nodeCount, version } = settings.cluster;
  const { domain } = settings.address;
  const digitalOcean = asker('https://api.digitalocean.com/v2', 'Bearer ', settings.digitalOcean.token);
  const pagerDuty = asker('https://api.pagerduty.com', 'Token token=', settings.pagerDuty.token);
  const [sizes, versions, user, , existing, ...others] = await Promise.all([
    asked(digitalocean.getSizes({ filters: [{ key: 'slug', values: [nodeSize] }] }), refusedToken),
    asked(digitalocean.getKubernetesVersions({}), refusedToken),
    asked(userId(settings.pagerDuty.email), (reason) => noSuchUser(settings.pagerDuty.email, reason)),
    asked(digitalocean.getDomain({ name: domain }), (reason) => ({
      key: 'domain',
      what: `is ${domain}, whose zone DigitalOcean does not have: ${reason}`,
    })),
    existingCluster(digitalOcean, name),
    imageProblems(digitalOcean, settings),
    appPlatformProblems(digitalOcean, settings.n8n),
    groupingProblems(pagerDuty, settings.pagerDuty.hasAlertGrouping),
  ]);
  const size = sizes?.sizes.find(({ slug }) => slug === nodeSize);
  if (sizes !== undefined) problems.push(...sizeProblems(size, { region, nodeSize, isNew: existing === undefined }));
  const offered = [...(versions?.validVersions ?? []), ...(existing === undefined ? [] : [existing.version])];
  const kubernetesVersion = newestOf(version, offered);
  if (versions !== undefined && kubernetesVersion === undefined)
    problems.push(noSuchVersion(version, versions.validVersions));
  problems.push(...others.flat());
  // With an invalid token several requests to DigitalOcean fail the same way.
  const distinct = [...new Map(problems.map((problem) => [`${problem.key} ${problem.what}`, problem])).values()];
  if (distinct.length > 0 || size === undefined || kubernetesVersion === undefined || user === undefined)
    throw new SettingsError(distinct);
  return { kubernetesVersion, pagerDutyUserId: user, nodesPerHour: size.priceHourly * nodeCount };
}

type Size = digitalocean.types.output.GetSizesSize;

interface Wanted {
  region: string;
  nodeSize: string;
  /** A cluster that is there has its Droplets already. */
  isNew: boolean;
}

function sizeProblems(size: Size | undefined, { region, nodeSize, isNew }: Wanted): Problem[] {
  if (size === undefined) return [{ key: 'node-size', what: `is ${nodeSize}, which DigitalOcean does not have.` }];
  if (!isNew || (size.available && size.regions.includes(region))) return [];
  const elsewhere = size.regions.length > 0 ? ` It has them in ${[...size.regions].sort().join(', ')}.` : '';
  return [
    { key: 'region', what: `is ${region}, where DigitalOcean has no Droplets of the size ${nodeSize}.${elsewhere}` },
  ];
}

/** The newest of those that `version` names, which is one of them or the beginning of some. */
function newestOf(version: string, offered: string[]): string | undefined {
  const named = offered.filter((each) => each === version || each.startsWith(`${version}.`));
  return named.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))[0];
}

const noSuchVersion = (version: string, offered: string[]): Problem => ({
  key: 'kubernetes-version',
  what: `is ${version}, which DigitalOcean does not offer. It offers ${offered.join(', ')}.`,
});

const refusedToken = (reason: string): Problem => ({
  key: 'digitalocean:token',
  what: `was not taken by DigitalOcean: ${reason}`,
  isSecret: true,
});

function noSuchUser(email: string, reason: string): Problem {
  if (/unable to locate/i.test(reason))
    return { key: 'pagerduty-email', what: `is ${email}, and PagerDuty knows no user with that address.` };
  return { key: 'pagerduty:token', what: `was not taken by PagerDuty: ${reason}`, isSecret: true };
}
