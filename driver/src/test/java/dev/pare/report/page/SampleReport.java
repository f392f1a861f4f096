package dev.pare.report.page;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.Prune;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.candidate.Training;
import dev.pare.evaluate.Latency;
import dev.pare.frontier.FrontierPoint;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.frontier.Hypervolume;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.LatencyTable;
import dev.pare.report.SensitivityTable;
import dev.pare.result.Score;
import dev.pare.sparsify.Sensitivity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A report of 120 candidates that were never trained, of which two failed. */
final class SampleReport {
  /** Whatever a person may have written into a configuration to see what happens. */
  static final String HOSTILE =
      "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"
          + "\"'&amp;{{data}}\\\u2028$1";

  private static final int EXAMPLES = 5000;
  private static final Provenance PROVENANCE =
      new Provenance(7, "1.2.3", "17.0.1", "Linux amd64", "OpenBLAS", "1@" + HOSTILE);

  private SampleReport() {}

  static ReportData data(String name) {
    SplittableRandom random = new SplittableRandom(1);
    List<LedgerEntry> entries = new ArrayList<>();
    List<FrontierPoint> points = new ArrayList<>();
    for (double sparsity : new double[] {0.8, 0.9, 0.95, 0.97, 0.98}) {
      for (int bits : new int[] {2, 3, 4, 8}) {
        for (int temperature : new int[] {1, 4, 8}) {
          for (String quantizer : List.of("codebook", "uniform")) {
            Map<String, String> point =
                Map.of(
                    "sparsity", String.valueOf(sparsity),
                    "bits", String.valueOf(bits),
                    "temperature", String.valueOf(temperature),
                    "quantizer", quantizer.equals("uniform") ? HOSTILE : quantizer);
            Candidate candidate =
                new Candidate(point, List.of(new Encode(Encode.Precision.FLOAT32)));
            StageKey key = new StageKey("%064x".formatted(entries.size()));
            Outcome outcome =
                entries.size() % 60 == 7
                    ? new Outcome.Failed(
                        key,
                        new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, HOSTILE),
                        PROVENANCE)
                    : measured(key, sparsity, bits, temperature, random);
            List<String> stages =
                List.of(
                    prune(sparsity, temperature).toString(),
                    "Quantize[bits=" + bits + ", quantizer=" + quantizer + "]",
                    "Encode[precision=FLOAT16]");
            entries.add(new LedgerEntry(point, stages, outcome));
            if (outcome instanceof Outcome.Measured measured) {
              points.add(new FrontierPoint(candidate, measured));
            }
          }
        }
      }
    }
    List<FrontierRow> rows = new ArrayList<>();
    for (FrontierPoint point : ParetoFrontier.of(points).points()) {
      rows.add(
          FrontierRow.of(
              point,
              point.outcome().measurement().evaluation(),
              "best/it's " + point.key().abbreviated() + ".pare"));
    }
    FrontierReport frontier =
        new FrontierReport(
            name,
            new FrontierReport.Teacher(
                266_610,
                new Score(4937, EXAMPLES),
                new Score(9871, 10_000),
                0.9,
                null,
                null,
                null,
                null),
            rows);
    return new ReportData(
        frontier,
        "hdfs://name/sweeps/" + name,
        "sweep { name = \""
            + name
            + "\" }\npublished = [ { name = \"a <b>paper</b>\", bytes = 2840, value = 1.5 } ]",
        entries,
        earlier(ParetoFrontier.of(points).points()),
        sensitivity(),
        latency(rows));
  }

  /** Of all files but the last, the larger the slower. */
  private static LatencyTable latency(List<FrontierRow> rows) {
    List<LatencyTable.Row> timed = new ArrayList<>();
    for (int i = 0; i < rows.size() - 1; i++) {
      double median = 0.01 * (i + 1);
      timed.add(
          new LatencyTable.Row(
              rows.get(i).key().hex(),
              rows.get(i).file(),
              new Latency(0.9 * median, median, 1.2 * median)));
    }
    return new LatencyTable(
        1, new LatencyTable.Row("0", "teacher.pare", new Latency(0.5, 0.51, 0.55)), timed);
  }

  /** The same of a first run, and of a teacher whose layers nobody looked at. */
  static ReportData first(String name) {
    ReportData data = data(name);
    return new ReportData(
        data.frontier(),
        data.out(),
        data.configuration(),
        data.candidates(),
        null,
        List.of(),
        null);
  }

  private static Prune prune(double sparsity, int temperature) {
    return new Prune(
        sparsity,
        null,
        Prune.Saliency.MAGNITUDE,
        Prune.Scope.GLOBAL,
        Prune.Schedule.GRADUAL,
        0.6,
        new Training(20, 256, 0.001, Training.Decay.COSINE, 0, temperature, 0.7));
  }

  /** A run that lacked the three smallest files, had a worse fourth and a better last one. */
  private static EarlierRun earlier(List<FrontierPoint> frontier) {
    List<FrontierSnapshot.Point> before = new ArrayList<>();
    List<FrontierSnapshot.Point> after = new ArrayList<>();
    int last = frontier.size() - 1;
    for (int i = 0; i <= last; i++) {
      FrontierPoint point = frontier.get(i);
      Correctness validation = point.outcome().measurement().validation();
      after.add(snapshot(point, point.key(), validation));
      if (i == 3 || i == last) {
        StageKey key = new StageKey((i == 3 ? "e" : "f").repeat(64));
        before.add(snapshot(point, key, correct(validation.correct() + (i == 3 ? -60 : 20))));
      } else if (i > 3) {
        before.add(after.get(i));
      }
    }
    StageKey examples = new StageKey("0".repeat(64));
    return new EarlierRun(
        Instant.parse("2026-11-21T03:04:05.678Z"),
        new FrontierSnapshot(examples, before),
        new FrontierSnapshot(examples, after),
        Hypervolume.of(266_610, Metric.ERROR, 0.9));
  }

  private static FrontierSnapshot.Point snapshot(
      FrontierPoint point, StageKey key, Correctness validation) {
    return new FrontierSnapshot.Point(key, point.candidate().point(), point.bytes(), validation);
  }

  private static Correctness correct(int count) {
    BitSet right = new BitSet();
    right.set(0, count);
    return Correctness.of(right, EXAMPLES);
  }

  /** Two scans, the second one of units. */
  private static List<SensitivityTable.Row> sensitivity() {
    List<SensitivityTable.Row> rows = new ArrayList<>();
    for (String way : List.of("magnitude weight", "activation unit")) {
      String[] words = way.split(" ");
      for (String layer : List.of("0_W", "1_W")) {
        double weakness = layer.equals("0_W") ? 0.1 : 0.3;
        for (double sparsity : Sensitivity.LEVELS) {
          double accuracy = 0.99 - weakness * Math.pow(sparsity, words[1].equals("unit") ? 2 : 6);
          rows.add(
              new SensitivityTable.Row(
                  words[0], words[1], layer, sparsity, 3 * (1 - accuracy), accuracy));
        }
      }
    }
    return rows;
  }

  /** One of 10,120 candidates. */
  static ReportData large() {
    ReportData data = data("sample");
    SplittableRandom random = new SplittableRandom(2);
    List<LedgerEntry> entries = new ArrayList<>(data.candidates());
    for (int i = 0; i < 10_000; i++) {
      LedgerEntry like = data.drawn().get(i % data.drawn().size());
      StageKey key = new StageKey("%08x".formatted(i) + "f".repeat(56));
      entries.add(
          new LedgerEntry(
              like.point(), like.stages(), measured(key, 0.9, 2 + i % 3, 1 + i % 4, random)));
    }
    return data.with(data.frontier(), entries);
  }

  private static Outcome measured(
      StageKey key, double sparsity, int bits, int temperature, SplittableRandom random) {
    long nonzeros = Math.round(266_200 * (1 - sparsity));
    long values = nonzeros * bits / 8;
    long index = Math.round(0.7 * nonzeros) + random.nextInt(200);
    double error =
        0.01
            + 0.02 * Math.pow(0.1, 30 * (1 - sparsity))
            + 0.004 / bits
            + 0.001 / temperature
            + 0.003 * random.nextDouble();
    return new Outcome.Measured(
        key,
        new Measurement(
            new SizeBreakdown(55, index, values, 40, 400),
            OriginBytes.UNKNOWN,
            key.hex(),
            266_610,
            nonzeros,
            new Operations(0.4, 266_200, 204_000, nonzeros / 3),
            List.of(
                new LayerSize("0_W", "codebook", 235_200, 290, 700, nonzeros - 900, 5, index),
                new LayerSize("0_b", "floats", 300, 1, 290, 290, 280, 400),
                new LayerSize("1_W", "codebook", 30_000, 98, 290, 900, 5, values)),
            Evaluation.of(correct((int) Math.round(EXAMPLES * (1 - error))))),
        Map.of("prune", 20.0 + sparsity, "quantize", 3.0, "encode", 0.5),
        PROVENANCE);
  }
}
