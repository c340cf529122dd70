/** What the map that is drawn on has beyond the sketch map: grips, the policy's reach, the keyboard's cross. */
import { css } from 'lit';

export const areaStyles = css`
  svg {
    cursor: crosshair;
    touch-action: none;
    user-select: none;
  }

  svg.with-move {
    cursor: grab;
  }

  svg:focus-visible {
    outline-offset: -4px;
  }

  .limit {
    stroke: var(--pl-amber-text);
    stroke-width: 1.5;
    stroke-dasharray: 6 5;
  }

  .grip {
    fill: var(--pl-sheet);
    stroke: var(--pl-blue);
    stroke-width: 2;
  }

  .middle {
    fill: var(--pl-blue);
    opacity: 0.55;
  }

  .unfinished {
    stroke: var(--pl-blue);
    stroke-width: 1.75;
    stroke-dasharray: 5 4;
  }

  .cross path {
    stroke: var(--pl-amber-text);
    stroke-width: 2;
  }
`;
