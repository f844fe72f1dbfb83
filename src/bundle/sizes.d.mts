/** What is read of esbuild's metafile. */
interface Sizes {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly bytes: number; readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }
    >
  >;
}

export declare const MOST_BYTES: number;
export declare function sizesByPackage(metafile: Sizes, output: string): readonly (readonly [string, number])[];
export declare function packageOf(path: string): string;
export declare function requireSmall(metafile: Sizes, output: string): void;
