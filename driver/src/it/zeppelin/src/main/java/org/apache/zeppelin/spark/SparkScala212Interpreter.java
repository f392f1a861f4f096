package org.apache.zeppelin.spark;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.repl.SparkILoop;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterGroup;
import org.apache.zeppelin.interpreter.thrift.InterpreterCompletion;
import org.apache.zeppelin.interpreter.util.InterpreterOutputStream;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.JavaConverters;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.Results;

/**
 * Gives Zeppelin the REPL of Spark 3.5. The one that Zeppelin publishes under this name calls a
 * method of Scala's compiler that 2.12.13 changed; a distribution of Zeppelin has one that fits.
 */
public final class SparkScala212Interpreter extends BaseSparkScalaInterpreter {
  private final InterpreterOutputStream output =
      new InterpreterOutputStream(LoggerFactory.getLogger(SparkScala212Interpreter.class));
  private SparkILoop repl;

  /** Called by reflection. */
  public SparkScala212Interpreter(
      SparkConf conf,
      List<String> dependencies,
      Properties properties,
      InterpreterGroup group,
      URLClassLoader loader,
      File classes) {
    super(conf, dependencies, properties, group, loader);
  }

  @Override
  public InterpreterOutputStream interpreterOutput() {
    return output;
  }

  @Override
  public void open() {
    super.open();
    String classes;
    try {
      classes = Files.createTempDirectory("zeppelin-repl").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    conf().set("spark.repl.class.outputDir", classes);
    Settings settings = new Settings();
    List<String> arguments =
        List.of("-usejavacp", "-Yrepl-class-based", "-Yrepl-outdir", classes);
    settings.processArguments(JavaConverters.asScalaBuffer(arguments).toList(), true);
    settings.embeddedDefaults(sparkInterpreterClassLoader());
    repl = new SparkILoop(Option.empty(), new PrintWriter(output, true));
    repl.settings_$eq(settings);
    repl.createInterpreter();
    repl.intp().initializeSynchronous();
    createSparkContext();
    createZeppelinContext();
  }

  @Override
  public Results.Result scalaInterpret(String code) {
    return repl.intp().interpret(code);
  }

  @Override
  public void bind(
      String name,
      String type,
      Object value,
      scala.collection.immutable.List<String> modifiers) {
    Results.Result bound =
        repl.intp().beQuietDuring(() -> repl.intp().bind(name, type, value, modifiers));
    if (!bound.toString().equals("Success")) {
      throw new IllegalStateException(name + " cannot be bound: " + bound);
    }
  }

  @Override
  public List<InterpreterCompletion> completion(
      String text, int cursor, InterpreterContext context) {
    return List.of();
  }

  @Override
  public ClassLoader getScalaShellClassLoader() {
    return repl.intp().classLoader();
  }

  @Override
  public void close() {
    super.close();
    repl.closeInterpreter();
  }
}
