import { CORE_SCHEMA, load } from 'js-yaml';

/** What one document of YAML 1.2 says, in its core schema; JSON is part of it. Throws with the place of what is wrong. */
export function parseYaml(text: string): unknown {
  return load(text, { schema: CORE_SCHEMA });
}
