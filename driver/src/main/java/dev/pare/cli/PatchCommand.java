package dev.pare.cli;

import dev.pare.artifact.DeltaReader;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.candidate.Sha256;
import dev.pare.pipeline.WholeFiles;
import dev.pare.report.ModelFile;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A newer .pare file of an older one and a delta. */
@Command(
    name = "patch",
    description = {
      "Makes the .pare file of which pare export wrote a delta, from that delta and the file that it"
          + " is against: byte for byte, as the SHA-256 of both files in the delta make sure."
    },
    footerHeading = "%nExample:%n",
    footer = "  pare patch deployed.pare model.delta --out model.pare")
final class PatchCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "OLD",
      description = "The .pare file that the delta is against, any Hadoop path.")
  private String old = "";

  @Parameters(index = "1", paramLabel = "DELTA", description = "The delta, any Hadoop path.")
  private String delta = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The .pare file to write, any Hadoop path.")
  private String out = "";

  @Option(names = "--overwrite", description = "Replace what is at FILE.")
  private boolean overwrite;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    Configuration hadoop = HadoopSettings.load();
    Path target = new Path(out);
    if (!overwrite && target.getFileSystem(hadoop).exists(target)) {
      throw new ParameterException(command.commandLine(), out + " exists: --overwrite replaces it");
    }
    byte[] before = ModelFile.read(old, hadoop, InputStream::readAllBytes);
    byte[] change = ModelFile.read(delta, hadoop, InputStream::readAllBytes);
    byte[] file;
    try {
      file = new DeltaReader().apply(before, change);
    } catch (MalformedArtifactException e) {
      throw new IOException("%s of %s: %s".formatted(delta, old, e.getMessage()), e);
    }
    WholeFiles files = new WholeFiles(target, hadoop);
    if (overwrite) {
      files.replace(target, to -> to.write(file));
    } else {
      files.create(target, to -> to.write(file));
    }
    command
        .commandLine()
        .getOut()
        .println(
            "%s: %d bytes, SHA-256 %s; %s: %d bytes"
                .formatted(out, file.length, Sha256.hex(file), delta, change.length));
    return ExitCodes.DONE;
  }
}
