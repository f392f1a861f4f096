package dev.pare.report;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.csource.CExport;
import dev.pare.csource.CForm;
import dev.pare.csource.CSource;
import dev.pare.export.ExportException;
import dev.pare.folder.SweepFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * What a file takes as C.
 *
 * @param form how weights are held
 * @param flash bytes of constants and, about, of code on a Cortex-M3 ({@link CSource#flash})
 * @param ram bytes of variables, with the features and the outputs ({@link CSource#ram})
 */
public record Firmware(CForm form, long flash, long ram) {
  public Firmware {
    requireNonNull(form, "form is null");
  }

  /**
   * A row's file in all forms.
   *
   * @param folder with the frontier that has the row
   * @throws IOException if the file cannot be read, or is not the one that was measured
   * @throws ExportException if it has what C cannot do, such as columns of texts
   */
  public static List<Firmware> of(SweepFolder folder, FrontierRow row, Configuration hadoop)
      throws IOException {
    CompressedNetwork network = ModelFile.read(folder, row, hadoop, new ArtifactReader()::read);
    List<Firmware> all = new ArrayList<>();
    for (CForm form : CForm.values()) {
      CSource source = CExport.of(network, form, "network", Map.of());
      all.add(new Firmware(form, source.flash(), source.ram()));
    }
    return all;
  }
}
