package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How many of each layer's items go: settings to pools that compete. */
final class Allocation {
  private final Prune settings;
  private final Architecture architecture;
  private final List<ParameterTensor> weights;
  private final List<PruningGroups.Range> ranges;

  /**
   * Items that compete with each other.
   *
   * @param quota how many of them go
   */
  record Pool(List<PruningGroups.Range> ranges, double quota) {
    static Pool of(PruningGroups.Range range, double sparsity) {
      return new Pool(List.of(range), sparsity * range.total());
    }

    static Pool of(List<PruningGroups.Range> ranges, double sparsity) {
      return new Pool(
          List.copyOf(ranges),
          sparsity * ranges.stream().mapToLong(PruningGroups.Range::total).sum());
    }
  }

  /**
   * @param architecture of the network before anything was left out
   * @param ranges the items of its weights
   */
  Allocation(Prune settings, Architecture architecture, List<PruningGroups.Range> ranges) {
    this.settings = settings;
    this.architecture = architecture;
    this.weights = architecture.weights();
    this.ranges = ranges;
  }

  /** The pools of every scope but that which asks a {@link Sensitivity}. */
  List<Pool> pools() {
    List<Pool> pools = new ArrayList<>();
    List<Double> given = settings.layerSparsity();
    if (!given.isEmpty()) {
      for (int t = 0; t < ranges.size(); t++) {
        pools.add(Pool.of(ranges.get(t), given.get(t)));
      }
      return pools;
    }
    List<Integer> common = commonTensors();
    List<PruningGroups.Range> own = common.stream().map(ranges::get).toList();
    switch (settings.scope()) {
      case GLOBAL -> pools.add(Pool.of(own, settings.sparsity()));
      case LAYER -> own.forEach(range -> pools.add(Pool.of(range, settings.sparsity())));
      case ERDOS_RENYI_KERNEL -> addQuotas(pools, own, kernelQuotas(common));
      case SENSITIVITY ->
          throw new IllegalArgumentException("scope = sensitivity goes by a sensitivity scan");
    }
    addOutput(pools);
    return pools;
  }

  /** The pools where each layer's share comes of a scan. */
  List<Pool> bySensitivity(Sensitivity sensitivity) {
    // Layers without anything that competes were not scanned.
    List<PruningGroups.Range> scanned =
        commonTensors().stream().map(ranges::get).filter(range -> range.total() > 0).toList();
    long[] totals = scanned.stream().mapToLong(PruningGroups.Range::total).toArray();
    double[] quotas = sensitivity.allocate(settings.sparsity(), totals);
    for (int t = 0; t < quotas.length; t++) {
      quotas[t] *= totals[t];
    }
    List<Pool> pools = new ArrayList<>();
    addQuotas(pools, scanned, quotas);
    addOutput(pools);
    return pools;
  }

  /** Which tensors of weights have no share of their own as the output's have it. */
  private List<Integer> commonTensors() {
    return IntStream.range(0, ranges.size())
        .filter(t -> settings.outputSparsity() == null || !isOutput(t))
        .boxed()
        .toList();
  }

  private boolean isOutput(int tensor) {
    return architecture.outputLayers().contains(weights.get(tensor).layer());
  }

  private void addOutput(List<Pool> pools) {
    Double share = settings.outputSparsity();
    if (share != null) {
      IntStream.range(0, ranges.size())
          .filter(this::isOutput)
          .forEach(t -> pools.add(Pool.of(ranges.get(t), share)));
    }
  }

  private void addQuotas(List<Pool> pools, List<PruningGroups.Range> layers, double[] quotas) {
    long total = layers.stream().mapToLong(PruningGroups.Range::total).sum();
    long[] whole = whole(quotas, Math.round(settings.sparsity() * total));
    for (int t = 0; t < quotas.length; t++) {
      pools.add(new Pool(List.of(layers.get(t)), whole[t]));
    }
  }

  /** Densities proportional to each layer's raw one, none above 1. */
  private double[] kernelQuotas(List<Integer> common) {
    int layers = common.size();
    double[] raw = new double[layers];
    double[] totals = new double[layers];
    for (int t = 0; t < layers; t++) {
      ParameterTensor tensor = weights.get(common.get(t));
      double dimensions = tensor.rows() + dimensionSum(tensor);
      raw[t] = dimensions / ((double) tensor.rows() * tensor.columns());
      totals[t] = ranges.get(common.get(t)).total();
    }
    double wanted = (1 - settings.sparsity()) * Arrays.stream(totals).sum();
    boolean[] dense = new boolean[layers];
    double scale = 0;
    boolean changed = true;
    while (changed) {
      changed = false;
      double left = wanted;
      double weight = 0;
      for (int t = 0; t < layers; t++) {
        left -= dense[t] ? totals[t] : 0;
        weight += dense[t] ? 0 : raw[t] * totals[t];
      }
      scale = weight == 0 ? 0 : left / weight;
      for (int t = 0; t < layers; t++) {
        if (!dense[t] && scale * raw[t] > 1) {
          dense[t] = true;
          changed = true;
        }
      }
    }
    double[] quotas = new double[layers];
    for (int t = 0; t < layers; t++) {
      quotas[t] = dense[t] ? 0 : totals[t] * (1 - scale * raw[t]);
    }
    return quotas;
  }

  /** A dense layer's inputs; a convolution's channels and both sides of its kernel. */
  private double dimensionSum(ParameterTensor tensor) {
    double sum = 0;
    double channels = tensor.columns();
    for (int side : architecture.layers().get(tensor.layer()).kernel()) {
      sum += side;
      channels /= side;
    }
    return channels + sum;
  }

  /** Whole numbers that add up to {@code sum}, each a quota up to its rounding. */
  static long[] whole(double[] quotas, long sum) {
    long[] whole = new long[quotas.length];
    long left = sum;
    for (int t = 0; t < quotas.length; t++) {
      whole[t] = (long) Math.floor(quotas[t]);
      left -= whole[t];
    }
    Integer[] order = new Integer[quotas.length];
    Arrays.setAll(order, t -> t);
    Arrays.sort(
        order,
        (a, b) ->
            Double.compare(quotas[b] - Math.floor(quotas[b]), quotas[a] - Math.floor(quotas[a])));
    for (int i = 0; left != 0; i = (i + 1) % order.length) {
      int step = left > 0 ? 1 : -1;
      if (whole[order[i]] + step >= 0) {
        whole[order[i]] += step;
        left -= step;
      }
    }
    return whole;
  }
}
