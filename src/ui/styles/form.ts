/** What the forms share besides the common styles: the line that says what is wrong, taking no room while nothing is. */
import { css } from 'lit';

export const form = css`
  .problem {
    color: var(--pl-bad);
  }

  .problem:empty {
    display: none;
  }
`;
