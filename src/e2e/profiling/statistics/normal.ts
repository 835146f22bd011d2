/** Probability that a standard normal value lies further from 0 than |z|, on either side. Error below 1.5e-7. */
export function twoSided(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

/** Abramowitz and Stegun 7.1.26, for x >= 0. */
function erfc(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return polynomial * Math.exp(-x * x);
}

/** 97.5 % quantile of the standard normal: half the width of a 95 % interval. */
export const Z95 = 1.959964;
