import { readFile } from 'node:fs/promises';

/** A fenced block of a document, without the fences and their indentation. */
export interface FencedBlock {
  /** What stands behind the opening fence. */
  readonly language: string;
  readonly text: string;
  /** Number of the line of the opening fence, from 1. */
  readonly line: number;
  /** Why the tests leave it out, where a comment before it says so. */
  readonly notRun: string | undefined;
  /** The file that it is, where its first line names one in a comment: `# folder/file.yaml`. */
  readonly file: string | undefined;
}

/** All fenced blocks, in their order. */
export async function fencedBlocks(path: string): Promise<readonly FencedBlock[]> {
  const document = await readFile(path, 'utf8');
  return [...document.matchAll(/(?:^ *<!-- not run: (.+) -->\n)?^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].map((match) => {
    const [whole, notRun, indent = '', language = '', body = ''] = match;
    const text = body.replace(new RegExp(`^${indent}`, 'gm'), '');
    const before = document.slice(0, match.index).split('\n').length;
    return {
      language,
      text,
      line: before + (whole.startsWith('<!--') || /^ *<!--/.test(whole) ? 1 : 0),
      notRun,
      file: /^# (\S+\.\S+)\n/.exec(text)?.[1],
    };
  });
}
