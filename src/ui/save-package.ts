/** Hands the person the sealed package, or the key that opens it, as files. */
import { saveFile } from './save-file.ts';

export const savePackage = (shareId: string, sealed: Blob): void => saveFile(`porchlight-${shareId}.zip.age`, sealed);

export const saveKey = (shareId: string, submissionKey: string): void =>
  saveFile(
    `porchlight-${shareId}-key.txt`,
    new Blob(
      [
        `# Opens the package porchlight-${shareId}.zip.age: age -d -i THIS_FILE -o package.zip PACKAGE\n${submissionKey}\n`,
      ],
      {
        type: 'text/plain',
      },
    ),
  );
