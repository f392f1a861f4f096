package dev.pare.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A headless Chromium with one page, spoken to in its DevTools protocol. Selenium would do it, too,
 * but wants a Guava that is not the one Spark runs with.
 */
final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");
  private static final long PATIENCE_SECONDS = 30;

  private final Path profile;
  private final Process process;
  private final WebSocket socket;
  private final String session;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  /** A Chromium on this machine's path. */
  static Optional<Path> installed() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Chromium(Path executable) throws Exception {
    profile = Files.createTempDirectory("chromium");
    process =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log").toFile())
            .start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address(), new Listener())
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    String target =
        send(null, "Target.createTarget", "url", "about:blank").get("targetId").asText();
    session =
        send(null, "Target.attachToTarget", "targetId", target, "flatten", true)
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      call(domain + ".enable");
    }
  }

  private URI address() throws IOException, InterruptedException {
    Path port = profile.resolve("DevToolsActivePort");
    for (int i = 0; i < 10 * PATIENCE_SECONDS; i++) {
      if (Files.exists(port) && Files.readAllLines(port).size() == 2) {
        List<String> lines = Files.readAllLines(port);
        return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
      }
      Thread.sleep(100);
    }
    throw new IOException("Chromium does not answer: " + Files.readString(profile.resolve("log")));
  }

  /** Requests other than for the page itself. */
  List<String> requests() {
    return requests;
  }

  /** Errors and warnings of the console, exceptions and violations of the page's policy. */
  List<String> complaints() {
    return complaints;
  }

  /** Opens a page and waits until it has loaded; returns the milliseconds that it took. */
  double open(Path page) throws Exception {
    requests.clear();
    complaints.clear();
    call("Page.navigate", "url", page.toUri().toString());
    await("location.href !== 'about:blank' && document.readyState === 'complete'");
    return evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd").asDouble();
  }

  void size(int width, int height, boolean mobile) {
    call(
        "Emulation.setDeviceMetricsOverride",
        "width",
        width,
        "height",
        height,
        "deviceScaleFactor",
        1,
        "mobile",
        mobile);
  }

  void colourScheme(String scheme) {
    call(
        "Emulation.setEmulatedMedia",
        "features",
        List.of(Map.of("name", "prefers-color-scheme", "value", scheme)));
  }

  /** The value of a JavaScript expression; a promise's is waited for. */
  JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            "expression",
            expression,
            "returnByValue",
            true,
            "awaitPromise",
            true);
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.at("/result/value");
  }

  String text(String selector) {
    return evaluate("document.querySelector('" + selector + "').innerText").asText();
  }

  void await(String condition) throws InterruptedException {
    for (int i = 0; i < 20 * PATIENCE_SECONDS; i++) {
      if (evaluate("Boolean(" + condition + ")").asBoolean()) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("never came: " + condition + "; " + complaints);
  }

  /**
   * Moves the mouse onto a place.
   *
   * @param place an expression that gives an element, whose middle is meant and which is scrolled
   *     into view, or a pair of pixels in the window
   */
  double[] hover(String place) {
    JsonNode pixels =
        evaluate(
            "(() => { const e = "
                + place
                + "; if (Array.isArray(e)) return e;"
                + " e.scrollIntoView({ block: 'center' }); const b = e.getBoundingClientRect();"
                + " return [b.x + b.width / 2, b.y + b.height / 2]; })()");
    double[] at = {pixels.get(0).asDouble(), pixels.get(1).asDouble()};
    mouse("mouseMoved", at, "none");
    return at;
  }

  void click(String where) {
    double[] place = hover(where);
    mouse("mousePressed", place, "left");
    mouse("mouseReleased", place, "left");
  }

  /** Drags from one place to another. */
  void drag(String from, String to) {
    double[] end = hover(to);
    double[] start = hover(from);
    mouse("mousePressed", start, "left");
    for (int i = 1; i <= 10; i++) {
      double share = i / 10.0;
      mouse(
          "mouseMoved",
          new double[] {
            start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
          },
          "left");
    }
    mouse("mouseReleased", end, "left");
  }

  private void mouse(String type, double[] place, String button) {
    call(
        "Input.dispatchMouseEvent",
        "type",
        type,
        "x",
        place[0],
        "y",
        place[1],
        "button",
        button,
        "clickCount",
        1);
  }

  void press(String key) {
    String text = key.equals("Enter") ? "\r" : key.equals(" ") ? " " : "";
    int code =
        switch (key) {
          case "Tab" -> 9;
          case "Enter" -> 13;
          case " " -> 32;
          case "End" -> 35;
          case "Home" -> 36;
          case "ArrowLeft" -> 37;
          case "ArrowRight" -> 39;
          default -> throw new IllegalArgumentException(key);
        };
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          "type",
          type,
          "key",
          key,
          "windowsVirtualKeyCode",
          code,
          "text",
          type.equals("keyDown") ? text : "");
    }
  }

  /** The page as it is seen, a PNG. */
  byte[] screenshot() {
    return Base64.getDecoder().decode(call("Page.captureScreenshot").get("data").asText());
  }

  private JsonNode call(String method, Object... parameters) {
    return send(session, method, parameters);
  }

  private JsonNode send(String to, String method, Object... parameters) {
    int id = calls.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    if (to != null) {
      message.put("sessionId", to);
    }
    ObjectNode values = message.putObject("params");
    for (int i = 0; i < parameters.length; i += 2) {
      values.set((String) parameters[i], JSON.valueToTree(parameters[i + 1]));
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    try {
      socket.sendText(message.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(method + ": " + e, e);
    }
  }

  private void take(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = answers.remove(message.get("id").asInt());
      if (message.has("error")) {
        answer.completeExceptionally(new IOException(message.get("error").toString()));
      } else {
        answer.complete(message.get("result"));
      }
      return;
    }
    JsonNode event = message.path("params");
    switch (message.path("method").asText()) {
      case "Network.requestWillBeSent" -> {
        if (!event.path("type").asText().equals("Document")) {
          requests.add(event.at("/request/url").asText());
        }
      }
      case "Runtime.exceptionThrown" -> complaints.add(event.toString());
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(event.path("type").asText())) {
          complaints.add(event.toString());
        }
      }
      case "Log.entryAdded" -> complaints.add(event.toString());
      default -> {}
    }
  }

  /** Puts messages together from their parts. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          take(JSON.readTree(text.toString()));
        } catch (IOException e) {
          complaints.add("no JSON: " + text);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
