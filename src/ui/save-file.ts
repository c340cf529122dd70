/** Hands bytes of this page to the person as a file; nothing leaves the device. */

export const saveFile = (name: string, contents: Blob): void => {
  const url = URL.createObjectURL(contents);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
