/** What a form control says in its own events, native or Web Awesome. */

export const fieldValue = (event: Event): string => {
  const { target } = event;
  return target !== null && 'value' in target && typeof target.value === 'string' ? target.value : '';
};

export const fieldChecked = (event: Event): boolean => {
  const { target } = event;
  return target !== null && 'checked' in target && target.checked === true;
};
