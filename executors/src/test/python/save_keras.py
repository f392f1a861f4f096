"""Writes the tests' models of Keras, with outputs that NumPy computes by loops over places.

Run with python3-h5py: python3 save_keras.py FOLDER. The files have the layout of Keras 2's save_model_to_hdf5.
"""
import json
import sys

import h5py
import numpy as np

rng = np.random.RandomState(1)
EXAMPLES = 6


def windows(x, kernel, strides, padding, dilation=(1, 1), fill=0.0):
    """Padded as TensorFlow pads, and where windows begin; of images [n, h, w, c]."""
    pads, counts = [], []
    for side, k, s, d in zip(x.shape[1:3], kernel, strides, dilation):
        reach = (k - 1) * d + 1
        if padding == 'same':
            count = -(-side // s)
            total = max((count - 1) * s + reach - side, 0)
            pads.append((total // 2, total - total // 2))
        elif padding == 'causal':
            pads.append((reach - 1, 0))
            count = -(-side // s)
        else:
            count = (side - reach) // s + 1
            pads.append((0, 0))
        counts.append(count)
    return np.pad(x, [(0, 0)] + pads + [(0, 0)], constant_values=fill), counts


def places(x, kernel, strides, padding, dilation=(1, 1), fill=0.0):
    padded, counts = windows(x, kernel, strides, padding, dilation, fill)
    for i in range(counts[0]):
        for j in range(counts[1]):
            rows = i * strides[0] + np.arange(kernel[0]) * dilation[0]
            columns = j * strides[1] + np.arange(kernel[1]) * dilation[1]
            yield i, j, padded[:, rows][:, :, columns], counts


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


FUNCTIONS = {
    'linear': lambda x: x,
    'relu': lambda x: np.maximum(x, 0),
    'sigmoid': sigmoid,
    'tanh': np.tanh,
    'softplus': lambda x: np.log1p(np.exp(x)),
    'elu': lambda x: np.where(x > 0, x, np.exp(x) - 1),
    'selu': lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1)),
    'swish': lambda x: x * sigmoid(x),
    'hard_sigmoid': lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    'softmax': lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
}


def draw(*shape):
    return (rng.rand(*shape) - 0.5).astype(np.float32)


def dense(x, units, activation='linear', use_bias=True):
    weights = {'kernel': draw(x.shape[-1], units)}
    if use_bias:
        weights['bias'] = draw(units)
    y = FUNCTIONS[activation](x @ weights['kernel'] + weights.get('bias', 0))
    return y, 'Dense', {'units': units, 'activation': activation, 'use_bias': use_bias}, weights


def conv2d(x, filters, kernel, strides=(1, 1), padding='valid', dilation=(1, 1), activation='linear', groups=1):
    each = x.shape[-1] // groups
    weights = {'kernel': draw(*kernel, each, filters), 'bias': draw(filters)}
    y = None
    for i, j, window, counts in places(x, kernel, strides, padding, dilation):
        if y is None:
            y = np.zeros((len(x), *counts, filters))
        for f in range(filters):
            g = f // (filters // groups)
            part = window[..., g * each:(g + 1) * each]
            y[:, i, j, f] = (part * weights['kernel'][..., f]).sum((1, 2, 3)) + weights['bias'][f]
    config = {
        'filters': filters, 'kernel_size': list(kernel), 'strides': list(strides), 'padding': padding,
        'data_format': 'channels_last', 'dilation_rate': list(dilation), 'groups': groups,
        'activation': activation, 'use_bias': True}
    return FUNCTIONS[activation](y), 'Conv2D', config, weights


def conv1d(x, filters, kernel, strides=1, padding='valid', dilation=1, activation='linear'):
    y, _, config, weights = conv2d(
        x[:, :, None], filters, (kernel, 1), (strides, 1),
        padding, (dilation, 1), activation)
    for name in ('kernel_size', 'strides', 'dilation_rate'):
        config[name] = config[name][:1]
    weights['kernel'] = weights['kernel'][:, 0]
    return y[:, :, 0], 'Conv1D', config, weights


def deep(x, kernel, strides, padding, multiplier, weights):
    y = None
    for i, j, window, counts in places(x, kernel, strides, padding):
        if y is None:
            y = np.zeros((len(x), *counts, x.shape[-1] * multiplier))
        for c in range(x.shape[-1]):
            for m in range(multiplier):
                y[:, i, j, c * multiplier + m] = (window[..., c] * weights[..., c, m]).sum((1, 2))
    return y


def depthwise(x, kernel, strides, padding, multiplier, activation):
    weights = {'depthwise_kernel': draw(*kernel, x.shape[-1], multiplier), 'bias': draw(x.shape[-1] * multiplier)}
    y = deep(x, kernel, strides, padding, multiplier, weights['depthwise_kernel']) + weights['bias']
    config = {
        'kernel_size': list(kernel), 'strides': list(strides), 'padding': padding, 'data_format': 'channels_last',
        'dilation_rate': [1, 1], 'groups': 1, 'activation': activation, 'use_bias': True, 'depth_multiplier': multiplier}
    return FUNCTIONS[activation](y), 'DepthwiseConv2D', config, weights


def separable(x, filters, kernel, padding, multiplier, activation):
    between = x.shape[-1] * multiplier
    weights = {
        'depthwise_kernel': draw(*kernel, x.shape[-1], multiplier),
        'pointwise_kernel': draw(1, 1, between, filters), 'bias': draw(filters)}
    y = deep(x, kernel, (1, 1), padding, multiplier, weights['depthwise_kernel'])
    y = y @ weights['pointwise_kernel'][0, 0] + weights['bias']
    config = {
        'filters': filters, 'kernel_size': list(kernel), 'strides': [1, 1], 'padding': padding,
        'data_format': 'channels_last', 'dilation_rate': [1, 1], 'groups': 1, 'activation': activation,
        'use_bias': True, 'depth_multiplier': multiplier}
    return FUNCTIONS[activation](y), 'SeparableConv2D', config, weights


def pool(x, kind, size, strides, padding):
    one = x.ndim == 3
    images = x[:, :, None] if one else x
    kernel, steps = ((size, 1), (strides, 1)) if one else (size, strides)
    y = None
    for i, j, window, counts in places(images, kernel, steps, padding, fill=np.nan):
        if y is None:
            y = np.zeros((len(x), *counts, x.shape[-1]))
        y[:, i, j] = (np.nanmax if kind == 'Max' else np.nanmean)(window, axis=(1, 2))
    config = {
        'pool_size': [size] if one else list(size), 'padding': padding, 'strides': [strides] if one else list(strides),
        'data_format': 'channels_last'}
    return y[:, :, 0] if one else y, '%sPooling%dD' % (kind, 1 if one else 2), config, {}


def normalization(x, scale=True):
    c = x.shape[-1]
    weights = {'gamma': draw(c) + 1} if scale else {}
    weights.update({'beta': draw(c), 'moving_mean': draw(c), 'moving_variance': draw(c) + 1})
    y = (x - weights['moving_mean']) / np.sqrt(weights['moving_variance'] + 1e-3) * weights.get('gamma', 1)
    config = {'axis': [x.ndim - 1], 'momentum': 0.99, 'epsilon': 0.001, 'center': True, 'scale': scale}
    return y + weights['beta'], 'BatchNormalization', config, weights


def function(x, name):
    return FUNCTIONS[name](x), 'Activation', {'activation': name}, {}


def relu6(x):
    return np.clip(x, 0, 6), 'ReLU', {'max_value': 6.0, 'negative_slope': 0.0, 'threshold': 0.0}, {}


def leaky(x):
    return np.where(x > 0, x, 0.25 * x), 'LeakyReLU', {'alpha': 0.25}, {}


def dropout(x):
    return x, 'Dropout', {'rate': 0.5, 'noise_shape': None, 'seed': None}, {}


def zeros(x, rows, columns):
    y = np.pad(x, [(0, 0), rows, columns, (0, 0)])
    return y, 'ZeroPadding2D', {'padding': [list(rows), list(columns)], 'data_format': 'channels_last'}, {}


def flatten(x):
    return x.reshape(len(x), -1), 'Flatten', {'data_format': 'channels_last'}, {}


def reshape(x, *shape):
    return x.reshape(len(x), *shape), 'Reshape', {'target_shape': list(shape)}, {}


def mean(x):
    y = x.mean(tuple(range(1, x.ndim - 1)))
    return y, 'GlobalAveragePooling%dD' % (x.ndim - 2), {'data_format': 'channels_last', 'keepdims': False}, {}


def add(*xs):
    return sum(xs), 'Add', {}, {}


def multiply(*xs):
    return np.prod(np.broadcast_arrays(*xs), axis=0), 'Multiply', {}, {}


def concatenate(*xs):
    return np.concatenate(xs, -1), 'Concatenate', {'axis': -1}, {}


def steps(config, units, sequences):
    config.update({
        'units': units, 'activation': 'tanh', 'recurrent_activation': 'sigmoid', 'use_bias': True, 'dropout': 0.0,
        'recurrent_dropout': 0.0, 'return_sequences': sequences, 'return_state': False, 'go_backwards': False,
        'stateful': False, 'unroll': False, 'time_major': False, 'implementation': 2})
    return config


def lstm(x, units, sequences):
    w = {'kernel': draw(x.shape[-1], 4 * units), 'recurrent_kernel': draw(units, 4 * units), 'bias': draw(4 * units)}
    h, c, all_ = np.zeros((len(x), units)), np.zeros((len(x), units)), []
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ w['kernel'] + h @ w['recurrent_kernel'] + w['bias'], 4, 1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        all_.append(h)
    return np.stack(all_, 1) if sequences else h, 'LSTM', steps({'unit_forget_bias': True}, units, sequences), w


def gru(x, units, sequences):
    w = {'kernel': draw(x.shape[-1], 3 * units), 'recurrent_kernel': draw(units, 3 * units), 'bias': draw(2, 3 * units)}
    h, all_ = np.zeros((len(x), units)), []
    for t in range(x.shape[1]):
        xz, xr, xh = np.split(x[:, t] @ w['kernel'] + w['bias'][0], 3, 1)
        hz, hr, hh = np.split(h @ w['recurrent_kernel'] + w['bias'][1], 3, 1)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        h = z * h + (1 - z) * np.tanh(xh + r * hh)
        all_.append(h)
    return np.stack(all_, 1) if sequences else h, 'GRU', steps({'reset_after': True}, units, sequences), w


class Model:
    def __init__(self, *shape):
        self.layers, self.outputs = [], {'input': rng.rand(EXAMPLES, *shape).astype(np.float32)}
        self.last, self.shape = 'input', shape

    def put(self, layer, *args, of=None, **options):
        sources = of or [self.last]
        y, kind, config, weights = layer(*[self.outputs[s] for s in sources], *args, **options)
        name = '%s_%d' % (kind.lower(), len(self.layers))
        self.layers.append((name, kind, config, weights, sources))
        self.outputs[name] = y
        self.last = name
        return name

    def save(self, path, functional):
        first = {'class_name': 'InputLayer', 'config': {
            'batch_input_shape': [None, *self.shape], 'dtype': 'float32', 'sparse': False, 'ragged': False, 'name': 'input'}}
        layers = [first]
        if functional:
            first.update(name='input', inbound_nodes=[])
        for name, kind, config, _, sources in self.layers:
            layer = {'class_name': kind, 'config': dict({'name': name, 'trainable': True, 'dtype': 'float32'}, **config)}
            if functional:
                layer.update(name=name, inbound_nodes=[[[s, 0, 0, {}] for s in sources]])
            layers.append(layer)
        config = {'name': 'model', 'layers': layers}
        if functional:
            config.update(input_layers=[['input', 0, 0]], output_layers=[[self.last, 0, 0]])
        model = {'class_name': 'Functional' if functional else 'Sequential', 'config': config}
        with h5py.File(path + '.h5', 'w') as f:
            f.attrs['keras_version'] = b'2.11.0'
            f.attrs['backend'] = b'tensorflow'
            f.attrs['model_config'] = json.dumps(model).encode('utf8')
            group = f.create_group('model_weights')
            group.attrs['layer_names'] = [l['config']['name'].encode('utf8') for l in layers]
            group.attrs['backend'] = b'tensorflow'
            group.attrs['keras_version'] = b'2.11.0'
            for name, weights in [('input', {})] + [(l[0], l[3]) for l in self.layers]:
                g = group.create_group(name)
                names = ['%s%s/%s:0' % (name, '/cell' if 'recurrent_kernel' in weights else '', w) for w in weights]
                g.attrs['weight_names'] = [n.encode('utf8') for n in names]
                for n, value in zip(names, weights.values()):
                    data = g.create_dataset(n, value.shape, dtype=value.dtype)
                    data[:] = value
        x = self.outputs['input']
        # As Pare has examples: channels first, but for rows of one channel that recurrent layers read.
        if self.layers[0][1] not in ('Dense', 'LSTM'):
            x = np.moveaxis(x, -1, 1)
        x.astype('<f4').tofile(path + '.inputs')
        self.outputs[self.last].astype('<f4').tofile(path + '.outputs')


def main(folder):
    m = Model(6)
    m.put(dense, 8, 'relu')
    m.put(dropout)
    m.put(normalization)
    for name in ('elu', 'selu', 'swish', 'softplus', 'hard_sigmoid'):
        m.put(dense, 7, name, use_bias=name != 'swish')
    m.put(dense, 3, 'softmax')
    m.save(folder + '/dense', False)

    m = Model(11, 8, 2)
    m.put(conv2d, 4, (3, 2), (2, 1), 'same', activation='relu')
    m.put(pool, 'Max', (2, 3), (1, 2), 'same')
    m.put(depthwise, (3, 3), (1, 1), 'same', 2, 'linear')
    m.put(normalization, scale=False)
    m.put(relu6)
    m.put(separable, 6, (3, 2), 'same', 2, 'tanh')
    m.put(pool, 'Average', (2, 2), (2, 1), 'same')
    m.put(zeros, (1, 0), (2, 1))
    m.put(conv2d, 4, (2, 3), dilation=(1, 2), groups=2)
    m.put(leaky)
    m.put(flatten)
    m.put(dense, 3, 'softmax')
    m.save(folder + '/images', False)

    m = Model(6, 5, 2)
    a = m.put(conv2d, 4, (3, 3), padding='same', activation='relu')
    b = m.put(conv2d, 4, (1, 1), of=['input'])
    m.put(add, of=[a, b])
    c = m.put(function, 'relu')
    m.put(mean)
    m.put(dense, 4, 'sigmoid')
    d = m.put(reshape, 1, 1, 4)
    e = m.put(multiply, of=[c, d])
    m.put(concatenate, of=[e, b, c])
    m.put(conv2d, 5, (2, 2), activation='tanh')
    m.put(mean)
    m.put(dense, 3)
    m.put(function, 'softmax')
    m.save(folder + '/graph', True)

    m = Model(9, 3)
    m.put(conv1d, 5, 3, padding='causal', dilation=2, activation='relu')
    m.put(pool, 'Max', 2, 2, 'same')
    m.put(conv1d, 4, 2, activation='tanh')
    m.put(mean)
    m.put(dense, 3, 'softmax')
    m.save(folder + '/steps', False)

    m = Model(9, 3)
    m.put(lstm, 4, True)
    m.put(gru, 4, True)
    m.put(lstm, 3, False)
    m.put(dense, 3, 'softmax')
    m.save(folder + '/recurrent', False)


if __name__ == '__main__':
    main(sys.argv[1])
