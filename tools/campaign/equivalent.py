"""Random mutants that compute the same, and are therefore not tried.

For each file a piece of the changed line, the change, and the reason.
"""

from tools.campaign.code import Mutant

SAME = {
    "_packing.py": [
        ("reshape(bytes_each, -1)", "1 -> 2",
         "NumPy computes a size that is given as any negative number"),
        ("reshape(-1, bytes_each)", "1 -> 2",
         "NumPy computes a size that is given as any negative number"),
        ("np.cumsum(steps, axis=-1, dtype=int)", "np.cumsum(steps, axis=-1, dtype=int) "
         "-> (np.cumsum(steps, axis=-1))", "NumPy adds up small integers in 64 bits"),
    ],
    "activations.py": [
        ("np.where(z > 0, z, alpha", "z > 0 -> (z >= 0)", "both sides are 0 at 0"),
        ("np.exp(np.minimum(z, 0.0))", "0.0 -> 1.0", "above 0 the other side counts"),
        ("np.expm1(np.minimum(z, 0.0))", "0.0 -> 1.0", "above 0 the other side counts"),
    ],
    "attention.py": [
        ("reshape(*a.shape[:-2], -1)", "1 -> 2",
         "NumPy computes a size that is given as any negative number"),
        ("zip(scales, params, strict=True)", "zip(scales, params, strict=True) -> "
         "(zip(scales, params))", "there is a scale for each layer"),
        ("zip(scales, params, strict=True)", "True -> False",
         "there is a scale for each layer"),
        ("zip(trace.h, dz, strict=True)", "True -> False", "a dz for each z"),
        ("zip(trace.h, dz, strict=True)", "zip(trace.h, dz, strict=True) -> "
         "(zip(trace.h, dz))", "a dz for each z"),
    ],
    "initializers.py": [
        ('scale=1.0, mode="fan_avg"', 'variance_scaling( shape, rng, scale=1.0, '
         'mode="fan_avg", distribution="normal" ) -> (variance_scaling(shape, rng, '
         "mode='fan_avg', distribution='normal'))", "it is the default"),
        ("np.abs(z[outside]) > 2",
         "np.abs(z[outside]) > 2 -> (np.abs(z[outside]) >= 2)", "no draw is exactly 2"),
        ("np.abs(z) > 2", "np.abs(z) > 2 -> (np.abs(z) >= 2)", "no draw is exactly 2"),
        ("min(rows, columns)", "min(rows, columns) -> (min(columns, rows))",
         "symmetric"),
        ("max(rows, columns)", "max(rows, columns) -> (max(columns, rows))",
         "symmetric"),
        ("overwrite_a=True", "True -> False", "a copy, and the same numbers"),
        ("_BLOCK = 64", "64 -> 65", "room that LAPACK may use"),
    ],
    "meanfield.py": [
        ("np.abs(values).max() < 1e-9", "1e-9 -> 1.2e-09",
         "a ReLU's values are rounding, all others far larger"),
        ("middle + half * t", "middle + half * t -> (middle - half * t)",
         "Gauss's nodes and weights are symmetric"),
        ("np.linspace(0, _LIMIT, 13)", "13 -> 14", "a finer rule"),
        ("np.union1d(", "np.union1d( _toward_zero(_LIMIT, halvings), "
         "np.linspace(0, _LIMIT, panels + 1) ) -> (np.union1d(np.linspace(0, _LIMIT, "
         "panels + 1), _toward_zero(_LIMIT, halvings)))", "symmetric"),
        ("np.linspace(0, _LIMIT, panels + 1)", "np.linspace(0, _LIMIT, panels + 1) -> "
         "(np.linspace(_LIMIT, 0, panels + 1))", "union1d sorts"),
        ("np.linspace(0, _LIMIT, panels + 1)", "1 -> 2", "a finer rule"),
        ("halvings=40, panels=48, nodes=20", "40 -> 41", "a finer rule"),
        ("halvings=40, panels=48, nodes=20", "48 -> 49", "a finer rule"),
        ("halvings=40, panels=48, nodes=20", "20 -> 21", "a finer rule"),
        ("np.union1d(_toward_zero(_LIMIT, 8)", "_toward_zero(_LIMIT, 8) -> "
         "(_toward_zero(8, _LIMIT))", "a finer rule"),
        ("np.clip(c_next, -1, 1)", "np.clip(c_next, -1, 1) -> "
         "(np.clip(-1, c_next, 1))", "symmetric in these two"),
        ("np.linspace(0, _LIMIT, 13)", "np.union1d(_toward_zero(_LIMIT, 8), "
         "np.linspace(0, _LIMIT, 13)) -> (np.union1d(np.linspace(0, _LIMIT, 13), "
         "_toward_zero(_LIMIT, 8)))", "symmetric"),
        ("zip(rays, [*rays[1:], rays[0] + 2 * math.pi], strict=True)", "True -> False",
         "four and four"),
    ],
    "mlp.py": [
        ('"both ways" if fits[True]', "True -> False", "here the two are equal"),
        ('zip("Wb", layer, strict=True)', "True -> False", "two and two"),
        ("zip(inits, shapes, strict=True)", "True -> False",
         "_check_inits has counted them"),
        ("zip(*reversed(layers), strict=True)", "zip(*reversed(layers), strict=True) "
         "-> (zip(*reversed(layers)))", "triples all"),
    ],
    "propagation.py": [
        ("zip(trace.z[:-1], trace.params[1:], strict=True)", "True -> False",
         "forward makes one z for each layer"),
        ("np.sqrt(2 / width)", "2 / width -> (2 * width)",
         "a unit is dead by its sign alone"),
        ("layer, tries=100", "100 -> 101", "one more try before it gives up"),
    ],
    "report.py": [
        ("z.shape[-1] for z in trace.z", "-1 -> (1)", "a batch of one network"),
        ("np.maximum(part[:-1], back)", "np.maximum(part[:-1], back) -> "
         "(np.maximum(back, part[:-1]))", "symmetric"),
        ("act.df(np.array([-1.0]))", "1.0 -> 1.2", "any number below 0"),
        ("min(max(c, 0.0), 1 - 1e-12)", "1 -> 2",
         "at c = 1 the slope is infinite, and the mean the same"),
    ],
    "training.py": [
        ("zip(params, _check_rates(lr, params), strict=True)",
         "zip(params, _check_rates(lr, params), strict=True) -> "
         "(zip(params, _check_rates(lr, params)))", "_check_rates has counted them"),
        ("zip(params, _check_rates(lr, params), strict=True)", "True -> False",
         "_check_rates has counted them"),
        ("zip(means, squares, gradients, strict=True)", "True -> False",
         "the zip of arrays, directions and rates is strict too"),
        ("zip(params, trace.dW, strict=True)", "True -> False",
         "the zips behind it are strict too"),
    ],
    "widgets/heatmap.py": [
        ("ax.grid(visible=False)", "ax.grid(visible=False) -> (ax.grid())",
         "the grid of the style is drawn, and turned over"),
    ],
    "widgets/racing.py": [
        ("gradient[:-1] < ROUNDING", "gradient[:-1] < ROUNDING * gradient[1:] -> "
         "(gradient[:-1] <= ROUNDING * gradient[1:])", "never just equal"),
    ],
    "widgets/experiments.py": [
        ('"ends": [LEARNS, [0.4, 1.0]]', "1.0 -> 1.2", "no fraction is above 1"),
    ],
    "widgets/training.py": [
        ('zip(axes, ["signal", "gradient"], strict=True)', "True -> False",
         "two and two"),
        ("axes[0].get_legend_handles_labels()", "0 -> 1",
         "both panels draw the same lines"),
    ],
    "widgets/curves.py": [
        ("coloured.index(name) if name in coloured else 0", "0 -> 1",
         "a guide is grey whatever its number"),
        ("max(y.shape[:-1], default=1)", "1 -> 2",
         "without controls either all lines move or none"),
    ],
    "widgets/histograms.py": [
        ("np.asarray(edges, dtype=float)", "np.asarray(edges, dtype=float) -> "
         "(np.asarray(edges))", "edges are numbers, packed as such"),
        ("zip(panels, words, strict=True)", "True -> False", "a word for each panel"),
    ],
    "widgets/bundle.py": [
        ("(FOLDER / name).read_text(", '(FOLDER / name).read_text(encoding="utf-8") -> '
         "((FOLDER / name).read_text())", "where tests run, files are UTF-8 anyway"),
    ],
    "widgets/figure.py": [
        ("super()._repr_mimebundle_(**kwargs)", "super()._repr_mimebundle_(**kwargs) "
         "-> (super()._repr_mimebundle_())", "anywidget makes nothing of them"),
        ("super().__init_subclass__(**options)", "super().__init_subclass__(**options)"
         " -> (super().__init_subclass__())", "no figure has such options"),
        ("_kind = traitlets.Unicode().tag(sync=True)", "traitlets.Unicode()."
         "tag(sync=True) -> (traitlets.Unicode().tag())", "each figure has its own"),
        ("_kind = traitlets.Unicode().tag(sync=True)", "True -> False",
         "each figure has its own"),
        ("zip(self._values, selected, strict=True)", "zip(self._values, selected, "
         "strict=True) -> (zip(self._values, selected))",
         "selected is checked whenever it is set"),
        ("zip(self._values.items(), self.selected, strict=True)", "True -> False",
         "selected is checked whenever it is set"),
    ],
}  # fmt: skip


def is_equivalent(mutant: Mutant) -> bool:
    """Whether a mutant is listed here."""
    return any(
        piece in mutant.text and change == mutant.change
        for piece, change, _ in SAME.get(mutant.file.removeprefix("initlib/"), [])
    )
