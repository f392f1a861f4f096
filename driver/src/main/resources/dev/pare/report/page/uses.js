/* What to do with a file next: commands and a program for each runtime. */

const runtimes = [
  {
    title: 'Java',
    commands: file => [`java -cp executors/runtime/target/pare-runtime.jar Use.java ${quoted(fileName(file))}`],
    name: 'Use.java',
    program: `import dev.pare.predict.*;

class Use {
  public static void main(String[] args) throws Exception {
    Predictor predictor = Predictor.open(java.nio.file.Path.of(args[0]));
    // Raw values, as in the data; where columns have texts, a List<String> of all columns instead.
    float[] row = new float[predictor.inputs()];
    Prediction prediction = predictor.predict(row);
    System.out.println(prediction);
  }
}
`,
  },
  {
    title: 'Python, by ONNX Runtime',
    commands: file => [`deploy/bin/pare export ${quoted(pathOf(file))} --onnx network.onnx --weights codebook`, 'python3 use.py'],
    name: 'use.py',
    program: `import numpy as np, onnxruntime

session = onnxruntime.InferenceSession("network.onnx")
rows = {}  # raw values, as in the data: here one row
for value in session.get_inputs():
    empty = "" if value.type == "tensor(string)" else np.float32(0)
    rows[value.name] = np.full([1] + value.shape[1:], empty)
outputs, = session.run(None, rows)
print(outputs)  # of each row: probabilities of the classes, or the predicted numbers
`,
  },
  {
    title: 'C, for rows of numbers',
    commands: file => [exportToC(file), 'gcc -O2 -Inetwork -o use use.c network/network.c && ./use'],
    name: 'use.c',
    program: `#include <stdio.h>
#include "network.h"

int main(void) {
  static float row[NETWORK_FEATURES];  /* raw values, as in the data */
  static float outputs[NETWORK_OUTPUTS];
  int largest = network_predict(row, outputs);
  for (int i = 0; largest >= 0 && i < NETWORK_OUTPUTS; i++) {
    printf("%g\\n", (double)outputs[i]);
  }
  return largest < 0;  /* a value that cannot be used */
}
`,
  },
  {
    title: 'Python, by C',
    commands: file => [exportToC(file), 'gcc -O2 -shared -fPIC -o libnetwork.so network/network.c', 'python3 use_c.py'],
    name: 'use_c.py',
    program: `import ctypes, re, numpy as np

sizes = dict(re.findall(r"NETWORK_(\\w+) = (\\d+)", open("network/network.h").read()))
library = ctypes.CDLL("./libnetwork.so")
floats = np.ctypeslib.ndpointer(np.float32, flags="C")
library.network_predict.argtypes = [floats, floats]
row = np.zeros(int(sizes["FEATURES"]), np.float32)  # raw values, as in the data
outputs = np.empty(int(sizes["OUTPUTS"]), np.float32)
print(library.network_predict(row, outputs), outputs)
`,
  },
];

function exportToC(file) {
  return `deploy/bin/pare export ${quoted(pathOf(file))} --c network --prefix network`;
}

/** Titles of what is open, whichever file is chosen. */
const opened = new Set();

function uses(file) {
  return runtimes.map(runtime => {
    const element = el('details', { class: 'use', ontoggle: () => (element.open ? opened.add(runtime.title) : opened.delete(runtime.title)) },
      el('summary', {}, runtime.title),
      ...runtime.commands(file).map(command => toCopy('code', command)),
      el('p', {}, runtime.name),
      toCopy('pre', runtime.program),
    );
    element.open = opened.has(runtime.title);
    return element;
  });
}

/** A text with a button that copies it. */
function toCopy(tag, text) {
  const code = el(tag, { tabindex: 0 }, text);
  return el('div', { class: 'command' }, code, copyButton(code, text));
}

/** To what “pare examine” has left beside the file. */
function cardLink(c) {
  return el('a', { href: c.card }, 'Model card');
}

function fetchCommand(file) {
  const path = pathOf(file);
  return path === `${data.out}/${file}` ? `hadoop fs -get ${quoted(path)} .` : `cp ${quoted(path)} .`;
}

/** Of the file system here without its scheme. */
function pathOf(file) {
  return `${data.out}/${file}`.replace(/^file:\/*(?=\/)/, '');
}

function fileName(file) {
  return file.split('/').at(-1);
}

/** For a shell, whatever is in it. */
function quoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

