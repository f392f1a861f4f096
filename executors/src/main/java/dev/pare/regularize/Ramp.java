package dev.pare.regularize;

/**
 * A penalty's strength over a stage: it rises in a straight line, then stays.
 *
 * @param share of the steps over which it rises
 */
record Ramp(double strength, double share) {
  double at(int step, int steps) {
    double length = share * steps;
    return step + 1 < length ? strength * (step + 1) / length : strength;
  }
}
