import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod/v4';
import { type Outputs, workshop } from './program';
import { readSettings } from './settings/settings';

/** What `pulumi stack output` shows. */
export = (): Promise<Outputs> => {
  const stack = {
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
  };
  // Pulumi hands these to the program beside the values.
  const secretKeys = z.array(z.string()).parse(JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? '[]'));
  const raw = { values: pulumi.runtime.allConfig(), isSecret: (key: string) => secretKeys.includes(key) };
  return workshop(readSettings(raw, stack));
};
