/** The frame's layout: a night-blue bar above and tabs below on a phone, a night-blue column at the side on wider screens. */
import { css } from 'lit';

export const shellStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto 1fr;
    min-height: 100dvh;
    padding-block-end: calc(3.9rem + env(safe-area-inset-bottom));
  }

  .skip {
    position: absolute;
    inset: 0.5rem auto auto 0.5rem;
    z-index: 10;
    padding: 0.6rem 1rem;
    border-radius: 6px;
    background: var(--pl-amber);
    color: var(--pl-on-amber);
    font-weight: 600;
  }

  .skip:not(:focus) {
    clip-path: inset(50%);
    width: 1px;
    height: 1px;
    padding: 0;
    overflow: hidden;
  }

  .bar {
    position: relative;
    background: var(--pl-night);
    color: var(--pl-on-night);
    padding: 0.55rem 1rem;
  }

  .mark {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    color: inherit;
    text-decoration: none;
    font: 600 1.3rem/1 var(--pl-font-title);
  }

  .mark svg {
    flex: none;
  }

  .bar a:focus-visible {
    outline-color: var(--pl-amber);
  }

  .mark .iron {
    fill: none;
    stroke: var(--pl-on-night);
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .mark .flame {
    fill: var(--pl-amber);
  }

  .mark .glow {
    fill: var(--pl-amber);
    opacity: 0.16;
  }

  nav {
    position: fixed;
    inset: auto 0 0 0;
    z-index: 5;
    display: grid;
    grid-template-columns: repeat(4, 1fr);
    background: var(--pl-night);
    border-block-start: 1px solid rgb(243 236 221 / 0.16);
    padding-block-end: env(safe-area-inset-bottom);
  }

  nav a {
    position: relative;
    display: grid;
    justify-items: center;
    gap: 0.15rem;
    padding: 0.55rem 0.2rem 0.5rem;
    color: var(--pl-on-night-quiet);
    text-decoration: none;
    font-size: 0.78rem;
    line-height: 1.2;
  }

  nav wa-icon {
    font-size: 1.35rem;
  }

  nav a[aria-current] {
    color: var(--pl-on-night);
    font-weight: 600;
    box-shadow: inset 0 3px 0 var(--pl-amber);
  }

  .badge {
    position: absolute;
    inset: 0.3rem calc(50% - 1.5rem) auto auto;
    min-width: 1.2rem;
    padding: 0 0.3rem;
    border-radius: 99px;
    background: var(--pl-amber);
    color: var(--pl-on-amber);
    font-size: 0.75rem;
    font-weight: 700;
    line-height: 1.2rem;
    text-align: center;
  }

  .promise,
  .roles {
    display: none;
  }

  main {
    width: 100%;
    max-width: 82rem;
    margin-inline: auto;
    padding: 1.25rem 1rem 2.5rem;
    min-width: 0;
  }

  main:focus {
    outline: none;
  }

  .offline {
    display: flex;
    gap: 0.6rem;
    align-items: baseline;
    margin-block-end: 1rem;
    padding: 0.6rem 0.9rem;
    border: 1px solid var(--pl-rule);
    border-radius: var(--pl-radius);
    background: var(--pl-sheet);
  }

  .starting,
  .missing {
    padding-block: 3rem;
    max-width: 36rem;
  }

  @media (min-width: 48rem) {
    main {
      padding: 1.75rem 1.75rem 3rem;
    }
  }

  @media (min-width: 64rem) {
    :host {
      grid-template-columns: 13.5rem minmax(0, 1fr);
      grid-template-rows: 1fr;
      padding-block-end: 0;
    }

    .bar {
      position: sticky;
      inset-block-start: 0;
      height: 100dvh;
      display: flex;
      flex-direction: column;
      gap: 2rem;
      padding: 1.6rem 1rem;
    }

    .mark {
      font-size: 1.35rem;
      padding-inline: 0.25rem;
    }

    nav {
      position: static;
      grid-template-columns: 1fr;
      gap: 0.2rem;
      background: none;
      border: 0;
      padding: 0;
    }

    nav a {
      grid-template-columns: auto 1fr auto;
      justify-items: start;
      align-items: center;
      gap: 0.75rem;
      padding: 0.6rem 0.75rem;
      font-size: 1rem;
      border-radius: 8px;
    }

    nav a:hover {
      color: var(--pl-on-night);
    }

    nav a[aria-current] {
      background: rgb(243 236 221 / 0.1);
      box-shadow: inset 3px 0 0 var(--pl-amber);
    }

    .badge {
      position: static;
    }

    .promise {
      display: block;
      margin-block-start: auto;
      padding-inline: 0.5rem;
      font-size: 0.875rem;
      color: var(--pl-on-night-quiet);
    }

    .roles {
      display: block;
      margin-block-start: -1rem;
      padding-inline: 0.5rem;
      font-size: 0.8125rem;
      color: var(--pl-on-night-quiet);
    }

    .roles a {
      color: inherit;
    }

    main {
      padding: 2.25rem 2.5rem 4rem;
    }
  }

  @media print {
    :host {
      display: block;
      padding: 0;
    }

    .bar,
    nav,
    .skip {
      display: none;
    }

    main {
      padding: 0;
      max-width: none;
    }
  }

  .update {
    margin-block-end: 1.2rem;
  }
`;
