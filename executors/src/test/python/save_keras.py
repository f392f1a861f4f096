"""Writes the tests' models of Keras, with outputs that NumPy computes by loops over places.

Run with python3-h5py: python3 save_keras.py FOLDER. The files have the layout of Keras 2's save_model_to_hdf5.
"""
import json
import os
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


def embedding(x, tokens, width):
    weights = {'embeddings': draw(tokens, width)}
    config = {'input_dim': tokens, 'output_dim': width, 'mask_zero': False, 'input_length': x.shape[1]}
    return weights['embeddings'][x.astype(int)], 'Embedding', config, weights


def both(x, layer, units, sequences, merge):
    """The second one reads the last step first; its outputs stand where their steps are."""
    y, kind, config, forward = layer(x, units, sequences)
    z, _, _, backward = layer(x[:, ::-1], units, sequences)
    z = z[:, ::-1] if sequences else z
    merged = {
        'concat': lambda: np.concatenate([y, z], -1), 'sum': lambda: y + z, 'mul': lambda: y * z, 'ave': lambda: (y + z) / 2}
    inner = {'class_name': kind, 'config': dict({'name': kind.lower(), 'trainable': True, 'dtype': 'float32'}, **config)}
    weights = {'forward_%s/cell_1/%s' % (kind.lower(), n): w for n, w in forward.items()}
    weights.update({'backward_%s/cell_2/%s' % (kind.lower(), n): w for n, w in backward.items()})
    return merged[merge](), 'Bidirectional', {'layer': inner, 'merge_mode': merge}, weights


def spread(x, filters, kernel, strides, padding='valid', dilation=1, activation='linear'):
    """Each number times the kernel, added where it lies; then cut off as the gradient of TensorFlow's padding is."""
    one = x.ndim == 3
    images = x[:, :, None] if one else x
    k, s, d = ((kernel, 1), (strides, 1), (dilation, 1)) if one else (kernel, strides, (dilation, dilation))
    shape = (k[0],) if one else k
    weights = {'kernel': draw(*shape, filters, x.shape[-1]), 'bias': draw(filters)}
    w = weights['kernel'].reshape(*k, filters, x.shape[-1])
    reach = [(k[i] - 1) * d[i] + 1 for i in (0, 1)]
    size = [images.shape[i + 1] * s[i] + max(reach[i] - s[i], 0) for i in (0, 1)]
    y = np.zeros((len(x), *size, filters))
    for i in range(images.shape[1]):
        for j in range(images.shape[2]):
            for a in range(k[0]):
                for b in range(k[1]):
                    y[:, i * s[0] + a * d[0], j * s[1] + b * d[1]] += images[:, i, j] @ w[a, b].T
    if padding == 'same':
        cut = [max(reach[i] - s[i], 0) // 2 for i in (0, 1)]
        y = y[:, cut[0]:cut[0] + images.shape[1] * s[0], cut[1]:cut[1] + images.shape[2] * s[1]]
    y = FUNCTIONS[activation](y + weights['bias'])
    sides = lambda p: [p[0]] if one else list(p)
    config = {
        'filters': filters, 'kernel_size': sides(k), 'strides': sides(s), 'padding': padding, 'data_format': 'channels_last',
        'dilation_rate': sides(d), 'groups': 1, 'activation': activation, 'use_bias': True, 'output_padding': None}
    return (y[:, :, 0] if one else y), 'Conv%dDTranspose' % (1 if one else 2), config, weights


def up(x, *size, interpolation='nearest'):
    y = x
    for axis, s in enumerate(size):
        n = y.shape[axis + 1]
        at = (np.arange(n * s) + 0.5) / s - 0.5
        if interpolation == 'nearest':
            y = np.repeat(y, s, axis + 1)
        else:
            low = np.clip(np.floor(at), 0, n - 1).astype(int)
            high = np.clip(np.floor(at) + 1, 0, n - 1).astype(int)
            share = (at - np.floor(at)).reshape([-1 if i == axis + 1 else 1 for i in range(y.ndim)])
            y = np.take(y, low, axis + 1) * (1 - share) + np.take(y, high, axis + 1) * share
    if x.ndim == 3:
        return y, 'UpSampling1D', {'size': size[0]}, {}
    return y, 'UpSampling2D', {'size': list(size), 'data_format': 'channels_last', 'interpolation': interpolation}, {}


def layer_normalization(x, scale=True):
    c = x.shape[-1]
    weights = {'gamma': draw(c) + 1} if scale else {}
    weights['beta'] = draw(c)
    y = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-3) * weights.get('gamma', 1)
    config = {'axis': [x.ndim - 1], 'epsilon': 0.001, 'center': True, 'scale': scale}
    return y + weights['beta'], 'LayerNormalization', config, weights


def prelu(x, *shared):
    alpha = draw(*[1 if i + 1 in shared else side for i, side in enumerate(x.shape[1:])])
    return np.where(x > 0, x, alpha * x), 'PReLU', {'shared_axes': list(shared) or None}, {'alpha': alpha}


def softmax(x, axis):
    e = np.exp(x)
    return e / e.sum(axis, keepdims=True), 'Softmax', {'axis': axis}, {}


def permute(x, *dims):
    return x.transpose(0, *dims), 'Permute', {'dims': list(dims)}, {}


def repeat(x, n):
    return np.repeat(x[:, None], n, 1), 'RepeatVector', {'n': n}, {}


def crop(x, *ends):
    y = x[(slice(None), *[slice(a, x.shape[i + 1] - b) for i, (a, b) in enumerate(ends)])]
    if x.ndim == 3:
        return y, 'Cropping1D', {'cropping': list(ends[0])}, {}
    return y, 'Cropping2D', {'cropping': [list(e) for e in ends], 'data_format': 'channels_last'}, {}


def rescaled(x, scale, offset):
    return x * scale + offset, 'Rescaling', {'scale': scale, 'offset': offset}, {}


def average(*xs):
    return sum(xs) / len(xs), 'Average', {}, {}


def steps_joined(*xs):
    return np.concatenate(xs, 1), 'Concatenate', {'axis': 1}, {}


def separable1d(x, filters, kernel, multiplier):
    c = x.shape[-1]
    weights = {
        'depthwise_kernel': draw(kernel, c, multiplier), 'pointwise_kernel': draw(1, c * multiplier, filters),
        'bias': draw(filters)}
    y = deep(x[:, :, None], (kernel, 1), (1, 1), 'same', multiplier, weights['depthwise_kernel'][:, None])
    y = y[:, :, 0] @ weights['pointwise_kernel'][0] + weights['bias']
    config = {
        'filters': filters, 'kernel_size': [kernel], 'strides': [1], 'padding': 'same', 'data_format': 'channels_last',
        'dilation_rate': [1], 'groups': 1, 'activation': 'linear', 'use_bias': True, 'depth_multiplier': multiplier}
    return y, 'SeparableConv1D', config, weights


def distributed(x, units):
    y, kind, config, weights = dense(x, units, 'tanh')
    inner = {'class_name': kind, 'config': dict({'name': 'dense', 'trainable': True, 'dtype': 'float32'}, **config)}
    return y, 'TimeDistributed', {'layer': inner}, weights


def attention(query, value=None, key=None, heads=2, width=3, of_values=None, causal=False):
    value = query if value is None else value
    key = value if key is None else key
    d, w = query.shape[-1], {}
    for name, source, units in ('query', query, width), ('key', key, width), ('value', value, of_values or width):
        w[name + '/kernel'], w[name + '/bias'] = draw(source.shape[-1], heads, units), draw(heads, units)
    w['attention_output/kernel'], w['attention_output/bias'] = draw(heads, of_values or width, d), draw(d)
    q = np.einsum('ntd,dhk->nthk', query, w['query/kernel']) + w['query/bias']
    k = np.einsum('ntd,dhk->nthk', key, w['key/kernel']) + w['key/bias']
    v = np.einsum('ntd,dhk->nthk', value, w['value/kernel']) + w['value/bias']
    scores = np.einsum('nthk,nshk->nhts', q, k) / np.sqrt(width)
    if causal:
        scores = np.where(np.tri(scores.shape[2], scores.shape[3]) > 0, scores, -np.inf)
    e = np.exp(scores)
    mixed = np.einsum('nhts,nshk->nthk', e / e.sum(-1, keepdims=True), v)
    y = np.einsum('nthk,hkd->ntd', mixed, w['attention_output/kernel']) + w['attention_output/bias']
    config = {
        'num_heads': heads, 'key_dim': width, 'value_dim': of_values or width, 'dropout': 0.0, 'use_bias': True,
        'output_shape': None, 'attention_axes': [1], 'query_shape': [None, *query.shape[1:]],
        'key_shape': [None, *key.shape[1:]], 'value_shape': [None, *value.shape[1:]]}
    return y, 'MultiHeadAttention', config, w


class Model:
    def __init__(self, *shape, tokens=0):
        x = rng.randint(0, tokens, (EXAMPLES, *shape)) if tokens else rng.rand(EXAMPLES, *shape)
        self.layers, self.outputs = [], {'input': x.astype(np.float32)}
        self.last, self.shape = 'input', shape

    def put(self, layer, *args, of=None, call=None, **options):
        """call: what the layer is called with beside what it reads: other layers' outputs, or flags."""
        sources = of or [self.last]
        named = {n: self.outputs[s] for n, s in (call or {}).items() if isinstance(s, str)}
        y, kind, config, weights = layer(*[self.outputs[s] for s in sources], *args, **named, **options)
        name = '%s_%d' % (kind.lower(), len(self.layers))
        keywords = {n: [s, 0, 0] if isinstance(s, str) else s for n, s in (call or {}).items()}
        self.layers.append((name, kind, config, weights, sources, keywords))
        self.outputs[name] = y
        self.last = name
        return name

    def save(self, path, functional):
        first = {'class_name': 'InputLayer', 'config': {
            'batch_input_shape': [None, *self.shape], 'dtype': 'float32', 'sparse': False, 'ragged': False, 'name': 'input'}}
        layers = [first]
        if functional:
            first.update(name='input', inbound_nodes=[])
        for name, kind, config, _, sources, keywords in self.layers:
            layer = {'class_name': kind, 'config': dict({'name': name, 'trainable': True, 'dtype': 'float32'}, **config)}
            if functional:
                layer.update(name=name, inbound_nodes=[[[s, 0, 0, keywords] for s in sources]])
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
        if self.layers[0][1] not in ('Dense', 'LSTM', 'Embedding', 'Bidirectional', 'LayerNormalization'):
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

    m = Model(7, tokens=20)
    m.put(embedding, 20, 4)
    m.put(both, lstm, 3, True, 'concat')
    m.put(both, gru, 4, True, 'sum')
    m.put(distributed, 5)
    m.put(both, gru, 3, True, 'ave')
    m.put(both, lstm, 3, True, 'mul')
    m.put(both, lstm, 4, False, 'concat')
    m.put(dense, 3, 'softmax')
    m.save(folder + '/tokens', False)

    m = Model(5, 4, 2)
    m.put(spread, 4, (3, 2), (2, 1), 'same', activation='relu')
    m.put(rescaled, 0.5, -0.25)
    m.put(up, 1, 2, interpolation='bilinear')
    m.put(crop, (1, 2), (0, 1))
    m.put(spread, 3, (2, 3), (3, 2))
    m.put(prelu, 1, 2)
    m.put(spread, 3, (1, 2), (2, 3), 'same')
    m.put(prelu, 1)
    m.put(spread, 2, (2, 2), (1, 1), 'valid', 2)
    m.put(softmax, -1)
    m.put(up, 1, 2)
    m.put(conv2d, 4, (5, 7), (4, 6))
    m.put(prelu)
    m.put(permute, 3, 1, 2)
    m.put(layer_normalization)
    m.put(flatten)
    m.put(prelu)
    m.put(dense, 3, 'softmax')
    m.save(folder + '/decoder', False)

    m = Model(6, 3)
    a = m.put(separable1d, 4, 3, 2)
    b = m.put(up, 2)
    c = m.put(spread, 4, 3, 2, 'same', activation='tanh', of=[a])
    m.put(average, of=[b, c])
    m.put(crop, (2, 1))
    d = m.put(softmax, 1)
    e = m.put(mean)
    m.put(repeat, 3)
    m.put(steps_joined, of=[d, m.last])
    m.put(mean)
    m.put(dense, 3, 'softmax')
    m.save(folder + '/places', True)

    m = Model(7, tokens=20)
    a = m.put(embedding, 20, 6)
    b = m.put(attention, call={'value': a})
    c = m.put(add, of=[a, b])
    d = m.put(layer_normalization, scale=False)
    e = m.put(attention, heads=3, width=2, of_values=4, causal=True, call={'value': d, 'use_causal_mask': True})
    f = m.put(crop, (0, 3))
    g = m.put(attention, of=[d], call={'value': f, 'key': f})
    m.put(add, of=[d, g])
    m.put(layer_normalization)
    m.put(mean)
    m.put(dense, 3, 'softmax')
    m.save(folder + '/attention', True)

    # As many steps as channels.
    m = Model(4, 4)
    m.put(conv1d, 5, 2, activation='relu')
    m.put(flatten)
    m.put(dense, 3, 'softmax')
    m.save(folder + '/square', False)

    # Names divided as Keras divides what an attribute has no room for.
    with h5py.File(folder + '/dense.h5') as source, h5py.File(folder + '/divided.h5', 'w') as f:
        for name, value in source.attrs.items():
            f.attrs[name] = value
        source.copy('model_weights', f)
        for group, name in (f['model_weights'], 'layer_names'), (f['model_weights/dense_0'], 'weight_names'):
            names = list(group.attrs[name])
            del group.attrs[name]
            for i, part in enumerate(np.array_split(names, 2)):
                group.attrs['%s%d' % (name, i)] = [n if isinstance(n, bytes) else n.encode('utf8') for n in part.tolist()]

    # Weights that lie in another file.
    with h5py.File(folder + '/dense.h5') as source, h5py.File(folder + '/linked.h5', 'w') as f:
        for name, value in source.attrs.items():
            f.attrs[name] = value
        source.copy('model_weights', f)
        first = f['model_weights'][f['model_weights'].attrs['layer_names'][1]]
        kernel = first.attrs['weight_names'][0]
        del first[kernel]
        first[kernel] = h5py.ExternalLink('dense.h5', '/model_weights/' + first.name.split('/')[-1] + '/' + kernel)

    # A kernel that is packed, and so may be any size.
    with h5py.File(folder + '/dense.h5') as source, h5py.File(folder + '/compressed.h5', 'w') as f:
        for name, value in source.attrs.items():
            f.attrs[name] = value
        source.copy('model_weights', f)
        first = f['model_weights/dense_0']
        kernel = first.attrs['weight_names'][0]
        values = first[kernel][:]
        del first[kernel]
        first.create_dataset(kernel, data=values, chunks=values.shape, compression='gzip')

    # Groups of so many members that a tree has them, in HDF5's newest form.
    m = Model(4)
    for _ in range(20):
        m.put(dense, 3, 'relu')
    m.put(dense, 3, 'softmax')
    m.save(folder + '/tree', False)
    with h5py.File(folder + '/tree.h5') as source, h5py.File(folder + '/newest.h5', 'w', libver='latest') as f:
        for name, value in source.attrs.items():
            f.attrs[name] = value
        group = f.create_group('model_weights')
        for name, value in source['model_weights'].attrs.items():
            group.attrs[name] = value
        for name in source['model_weights']:
            source.copy('model_weights/' + name, group)
    for name in '.h5', '.inputs', '.outputs':
        os.remove(folder + '/tree' + name)


if __name__ == '__main__':
    main(sys.argv[1])
