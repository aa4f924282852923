import { readFile } from 'node:fs/promises';

import { z } from 'zod/v4';

/** By model: US dollars for a million tokens. */
const pricesSchema = z.record(z.string(), z.object({ input: z.number().min(0), output: z.number().min(0) }));
export type Prices = z.infer<typeof pricesSchema>;

export interface Tokens {
  input: number;
  output: number;
}

/** @throws Error if the file is not a list of prices */
export async function readPrices(file: string): Promise<Prices> {
  const { data, error } = pricesSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (error === undefined) return data;
  throw new Error(
    `${file} is not a list of prices: write {"MODEL": {"input": 1.5, "output": 6}}, US dollars for a million tokens.`,
  );
}

/** US dollars, or null when the model has no price. */
export function priceOf(tokens: Tokens, model: string, prices: Prices): number | null {
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  return price === undefined ? null : (tokens.input * price.input + tokens.output * price.output) / 1_000_000;
}
