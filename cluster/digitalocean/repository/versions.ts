import { readText } from './paths';

/** A Helm chart at one version. */
export interface Chart {
  name: string;
  version: string;
  repository: string;
}

const FILE = 'cluster/kind/versions.sh';

/**
 * The chart that deploy.sh installs too: its pins are read, so that both install the same.
 * @param prefix of the two variables: FALCO for FALCO_CHART and FALCO_REPOSITORY
 */
export function pinnedChart(name: string, prefix: string): Chart {
  const pins = new Map(
    [...readText(FILE).matchAll(/^readonly (\w+)=(\S+)/gm)].map(([, variable, value]) => [variable, value]),
  );
  const pin = (variable: string): string => {
    const value = pins.get(variable);
    if (value === undefined) throw new Error(`${FILE} lacks ${variable}.`);
    return value;
  };
  return { name, version: pin(`${prefix}_CHART`), repository: pin(`${prefix}_REPOSITORY`) };
}
