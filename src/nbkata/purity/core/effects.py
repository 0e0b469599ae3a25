"""What is known of library calls: which reach the world, which edit, which only look at a copy.

Tables, so that a reader can check them and a new library is one line.
"""

from dataclasses import dataclass

from nbkata.purity.core.findings import Cause, Sure


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call does to the world."""

    cause: Cause
    phrase: str
    """Completes "line 7 …": ``reads a file``."""
    sure: Sure = Sure.CERTAIN


PRINTS = Effect(Cause.OUTPUT, "prints")
LOGS = Effect(Cause.OUTPUT, "writes to the log")
WARNS = Effect(Cause.OUTPUT, "warns on the screen")
READS = Effect(Cause.READS, "reads a file")
LOOKS = Effect(Cause.READS, "looks at the file system")
WRITES = Effect(Cause.WRITES, "writes a file")
NETWORK = Effect(Cause.NETWORK, "uses the network")
DATABASE = Effect(Cause.READS, "talks to a database")
PROCESS = Effect(Cause.PROCESS, "starts or ends a process")
ENDS = Effect(Cause.PROCESS, "ends the program")
ENVIRONMENT = Effect(Cause.ENVIRONMENT, "reads the environment")
CLOCK = Effect(Cause.CLOCK, "reads the clock")
SLEEPS = Effect(Cause.CLOCK, "waits")
RANDOM = Effect(Cause.RANDOM, "draws from the hidden random state")
SEEDS = Effect(Cause.RANDOM, "changes the hidden random state")
UNSEEDED = Effect(Cause.RANDOM, "makes a random generator without a seed")
NEW_ID = Effect(Cause.RANDOM, "makes a new random identifier")
DRAWS = Effect(Cause.DRAWS, "draws on a global figure")
ASKS = Effect(Cause.ASKS, "asks the user")
SETTINGS = Effect(Cause.SETTINGS, "changes a setting of the whole program")
EXECUTES = Effect(Cause.PROCESS, "runs code from a text", Sure.LIKELY)

CALLS: dict[str, Effect] = {
    "print": PRINTS,
    "display": Effect(Cause.OUTPUT, "displays"),
    "IPython.display.display": Effect(Cause.OUTPUT, "displays"),
    "pprint.pprint": PRINTS,
    "pprint.pp": PRINTS,
    "rich.print": PRINTS,
    "traceback.print_exc": PRINTS,
    "traceback.print_stack": PRINTS,
    "warnings.warn": WARNS,
    "warnings.filterwarnings": SETTINGS,
    "warnings.simplefilter": SETTINGS,
    "warnings.resetwarnings": SETTINGS,
    "input": ASKS,
    "breakpoint": ASKS,
    "getpass.getpass": ASKS,
    "get_ipython": Effect(Cause.PROCESS, "runs a notebook command"),
    "exit": ENDS,
    "quit": ENDS,
    "sys.exit": ENDS,
    "exec": EXECUTES,
    "eval": Effect(Cause.PROCESS, "runs code from a text", Sure.POSSIBLE),
    "open": READS,
    "io.open": READS,
    "gzip.open": READS,
    "bz2.open": READS,
    "lzma.open": READS,
    "codecs.open": READS,
    "zipfile.ZipFile": READS,
    "tarfile.open": READS,
    "fileinput.input": READS,
    "linecache.getline": READS,
    "pickle.dump": WRITES,
    "pickle.load": READS,
    "json.dump": WRITES,
    "json.load": READS,
    "yaml.dump": WRITES,
    "toml.load": READS,
    "tomllib.load": READS,
    "joblib.dump": WRITES,
    "joblib.load": READS,
    "cloudpickle.dump": WRITES,
    "cloudpickle.load": READS,
    "csv.writer": Effect(Cause.WRITES, "writes to a file", Sure.POSSIBLE),
    "numpy.save": WRITES,
    "numpy.savez": WRITES,
    "numpy.savez_compressed": WRITES,
    "numpy.savetxt": WRITES,
    "numpy.load": READS,
    "numpy.loadtxt": READS,
    "numpy.genfromtxt": READS,
    "numpy.fromfile": READS,
    "numpy.memmap": READS,
    "numpy.seterr": SETTINGS,
    "numpy.set_printoptions": SETTINGS,
    "numpy.random.seed": SEEDS,
    "numpy.random.set_state": SEEDS,
    "random.seed": SEEDS,
    "random.setstate": SEEDS,
    "pandas.set_option": SETTINGS,
    "pandas.reset_option": SETTINGS,
    "pandas.ExcelFile": READS,
    "pandas.ExcelWriter": WRITES,
    "pandas.HDFStore": WRITES,
    "pandas.to_pickle": WRITES,
    "pandas.Timestamp.now": CLOCK,
    "pandas.Timestamp.today": CLOCK,
    "pandas.Timestamp.utcnow": CLOCK,
    "datetime.datetime.now": CLOCK,
    "datetime.datetime.today": CLOCK,
    "datetime.datetime.utcnow": CLOCK,
    "datetime.date.today": CLOCK,
    "time.sleep": SLEEPS,
    "asyncio.sleep": SLEEPS,
    "uuid.uuid1": NEW_ID,
    "uuid.uuid4": NEW_ID,
    "os.urandom": NEW_ID,
    "os.system": PROCESS,
    "os.popen": PROCESS,
    "os.fork": PROCESS,
    "os.kill": PROCESS,
    "os._exit": ENDS,
    "os.abort": ENDS,
    "os.getenv": ENVIRONMENT,
    **dict.fromkeys(
        [f"os.environ.{name}" for name in ("setdefault", "update", "pop", "popitem", "clear")],
        Effect(Cause.SETTINGS, "changes the environment"),
    ),
    "os.putenv": SETTINGS,
    "os.unsetenv": SETTINGS,
    "os.chdir": SETTINGS,
    "os.umask": SETTINGS,
    "os.getcwd": ENVIRONMENT,
    "os.getpid": ENVIRONMENT,
    "os.getlogin": ENVIRONMENT,
    "os.cpu_count": ENVIRONMENT,
    "os.uname": ENVIRONMENT,
    "os.times": CLOCK,
    "os.listdir": LOOKS,
    "os.scandir": LOOKS,
    "os.walk": LOOKS,
    "os.stat": LOOKS,
    "os.lstat": LOOKS,
    "os.access": LOOKS,
    "os.open": READS,
    "os.read": READS,
    "os.write": WRITES,
    "os.remove": WRITES,
    "os.unlink": WRITES,
    "os.rename": WRITES,
    "os.replace": WRITES,
    "os.mkdir": WRITES,
    "os.makedirs": WRITES,
    "os.rmdir": WRITES,
    "os.removedirs": WRITES,
    "os.chmod": WRITES,
    "os.chown": WRITES,
    "os.link": WRITES,
    "os.symlink": WRITES,
    "os.truncate": WRITES,
    "os.utime": WRITES,
    "os.path.exists": LOOKS,
    "os.path.lexists": LOOKS,
    "os.path.isfile": LOOKS,
    "os.path.isdir": LOOKS,
    "os.path.islink": LOOKS,
    "os.path.getsize": LOOKS,
    "os.path.getmtime": LOOKS,
    "os.path.getctime": LOOKS,
    "os.path.getatime": LOOKS,
    "os.path.abspath": ENVIRONMENT,
    "os.path.realpath": LOOKS,
    "os.path.expanduser": ENVIRONMENT,
    "os.path.expandvars": ENVIRONMENT,
    "pathlib.Path.cwd": ENVIRONMENT,
    "pathlib.Path.home": ENVIRONMENT,
    "glob.glob": LOOKS,
    "glob.iglob": LOOKS,
    "platform.node": ENVIRONMENT,
    "locale.setlocale": SETTINGS,
    "time.tzset": SETTINGS,
    "socket.gethostname": ENVIRONMENT,
    "sys.setrecursionlimit": SETTINGS,
    "sys.settrace": SETTINGS,
    "sys.setprofile": SETTINGS,
    "signal.signal": SETTINGS,
    "signal.alarm": SETTINGS,
    "gc.disable": SETTINGS,
    "gc.enable": SETTINGS,
    "atexit.register": SETTINGS,
    "importlib.reload": SETTINGS,
    "sqlite3.connect": DATABASE,
    "sqlalchemy.create_engine": DATABASE,
    "webbrowser.open": PROCESS,
    "importlib.resources.read_text": READS,
    "sklearn.set_config": SETTINGS,
    "sklearn.datasets.fetch_openml": NETWORK,
    "seaborn.load_dataset": NETWORK,
    "torch.manual_seed": SEEDS,
    "tensorflow.random.set_seed": SEEDS,
    "torch.save": WRITES,
    "torch.load": READS,
}
"""By the full name that the imports give a call; built-ins by their own."""

PREFIXES: tuple[tuple[str, Effect], ...] = (
    ("pandas.read_", READS),
    ("pandas.options.", SETTINGS),
    ("pandas.plotting.", DRAWS),
    ("matplotlib.pyplot.", DRAWS),
    ("matplotlib.use", SETTINGS),
    ("seaborn.set", SETTINGS),
    ("seaborn.despine", DRAWS),
    ("plotly.express.", Effect(Cause.DRAWS, "draws", Sure.POSSIBLE)),
    ("logging.", LOGS),
    ("loguru.logger.", LOGS),
    ("subprocess.", PROCESS),
    ("multiprocessing.", PROCESS),
    ("threading.Thread", PROCESS),
    ("concurrent.futures.", PROCESS),
    ("requests.", NETWORK),
    ("httpx.", NETWORK),
    ("urllib.request.", NETWORK),
    ("http.client.", NETWORK),
    ("aiohttp.", NETWORK),
    ("smtplib.", NETWORK),
    ("ftplib.", NETWORK),
    ("socket.", NETWORK),
    ("boto3.", NETWORK),
    ("mlflow.", NETWORK),
    ("wandb.", NETWORK),
    ("shutil.", WRITES),
    ("tempfile.", WRITES),
    ("shelve.", WRITES),
    ("secrets.", NEW_ID),
    ("random.", RANDOM),
    ("numpy.random.", RANDOM),
    ("sys.stdout.", PRINTS),
    ("sys.stderr.", PRINTS),
    ("sys.stdin.", ASKS),
    ("os.environ.", ENVIRONMENT),
    ("os.exec", PROCESS),
    ("os.spawn", PROCESS),
    ("ctypes.", Effect(Cause.PROCESS, "calls foreign code", Sure.LIKELY)),
)
"""Tried when no full name fits; the first that fits counts."""

CLOCK_NAMES = frozenset(
    f"time.{name}{unit}"
    for name in ("time", "perf_counter", "monotonic", "process_time", "thread_time")
    for unit in ("", "_ns")
) | {"time.localtime", "time.gmtime", "time.ctime", "time.strftime", "time.asctime"}
CLOCK_WITHOUT_ARGUMENTS = frozenset(["time.localtime", "time.gmtime", "time.ctime", "time.asctime"])
"""With an argument these only convert."""

PURE_NAMES = frozenset("""
    numpy.random.default_rng numpy.random.RandomState numpy.random.Generator
    numpy.random.SeedSequence numpy.random.PCG64 numpy.random.MT19937 numpy.random.Philox
    random.Random
    logging.getLogger logging.getLevelName logging.NullHandler logging.Formatter
    multiprocessing.cpu_count
    matplotlib.pyplot.Figure matplotlib.pyplot.Normalize
    urllib.request.Request urllib.request.pathname2url
    socket.inet_aton socket.inet_ntoa
    requests.Request
    subprocess.CompletedProcess subprocess.list2cmdline
    """.split())
"""What the prefixes would catch by mistake; the generators are judged by their seed."""

SEEDED_GENERATORS = frozenset("""
    numpy.random.default_rng numpy.random.RandomState numpy.random.SeedSequence
    numpy.random.PCG64 numpy.random.MT19937 numpy.random.Philox random.Random
    """.split())

READ_ATTRIBUTES = {
    "os.environ": ENVIRONMENT,
    "sys.argv": ENVIRONMENT,
    "sys.path": ENVIRONMENT,
    "sys.modules": ENVIRONMENT,
    "sys.stdin": ASKS,
}

NEEDS_RANDOM_STATE_CALL = frozenset("""
    sklearn.model_selection.train_test_split sklearn.utils.shuffle sklearn.utils.resample
    sklearn.datasets.make_classification sklearn.datasets.make_regression
    sklearn.datasets.make_blobs sklearn.datasets.make_moons
    sklearn.inspection.permutation_importance
    """.split())
"""Random each time unless ``random_state`` is given."""

NEEDS_RANDOM_STATE_MODEL = frozenset("""
    RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor
    RandomTreesEmbedding GradientBoostingClassifier GradientBoostingRegressor
    HistGradientBoostingClassifier HistGradientBoostingRegressor AdaBoostClassifier
    AdaBoostRegressor BaggingClassifier BaggingRegressor IsolationForest
    DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor
    SGDClassifier SGDRegressor Perceptron PassiveAggressiveClassifier MLPClassifier MLPRegressor
    KMeans MiniBatchKMeans GaussianMixture TSNE RandomizedSearchCV TruncatedSVD
    """.split())
"""Constructors that make a random result when fitted without ``random_state``."""

SHUFFLERS = frozenset("KFold StratifiedKFold".split())
"""Random with ``shuffle=True`` and no ``random_state``."""
ALWAYS_SHUFFLE = frozenset("ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit".split())

WRITING_METHODS = frozenset("""
    to_csv to_json to_html to_xml to_latex to_markdown to_string to_parquet to_feather to_orc
    """.split())
"""Write only when they get a path; without one they return the text."""
ALWAYS_WRITING_METHODS = frozenset(
    "to_pickle to_excel to_sql to_hdf to_stata to_gbq to_clipboard tofile".split()
)
PATH_READS = frozenset("read_text read_bytes".split())
PATH_WRITES = frozenset(
    "write_text write_bytes touch unlink rmdir symlink_to hardlink_to mkdir".split()
)
PATH_LOOKS = frozenset("is_file is_dir iterdir rglob is_symlink".split())
PATH_ONLY = {  # other types have methods of these names too: only on a path for sure
    "exists": LOOKS,
    "stat": LOOKS,
    "glob": LOOKS,
    "resolve": LOOKS,
    "absolute": ENVIRONMENT,
    "open": READS,
    "rename": WRITES,
    "replace": WRITES,
    "chmod": WRITES,
    "walk": LOOKS,
    "expanduser": ENVIRONMENT,
}
FILE_METHODS = {
    "write": WRITES,
    "writelines": WRITES,
    "read": READS,
    "readline": READS,
    "readlines": READS,
    "execute": DATABASE,
    "executemany": DATABASE,
    "fetchall": DATABASE,
    "fetchone": DATABASE,
    "commit": DATABASE,
    "sendall": NETWORK,
    "recv": NETWORK,
}
LOG_METHODS = frozenset("debug info warning warn error critical exception log".split())
DRAWING_METHODS = frozenset("savefig show".split())

MUTATORS = frozenset("""
    append extend remove reverse sort clear discard setdefault popitem appendleft popleft
    extendleft rotate fill itemset put setflags setfield resize intersection_update
    difference_update symmetric_difference_update move_to_end pop
    insert update partial_fit fit fit_transform fit_predict fit_resample set_params subtract
    __setitem__ __delitem__ __setattr__ __delattr__ __iadd__ __ior__ add_edge add_node
    put_nowait send throw isetitem
    """.split())
"""Methods that change the object they are called on, whatever its type."""

FITTERS = frozenset("fit fit_transform fit_predict partial_fit fit_resample".split())

FRAME_RETURNS_NEW = frozenset("append subtract put add reverse".split())
"""Mutators of other types that return something new on a frame, series or index."""

DRAWN_METHODS = frozenset("""
    random normal standard_normal integers shuffle permutation permuted choice choices uniform
    randint rand randn random_sample poisson binomial exponential gauss randrange multivariate_normal
    beta gamma sample bytes getrandbits spawn
    """.split())
"""Methods of a random generator: each advances it."""

INPLACE_FUNCTIONS = {
    "numpy.put": 0,
    "numpy.place": 0,
    "numpy.putmask": 0,
    "numpy.copyto": 0,
    "numpy.fill_diagonal": 0,
    "numpy.put_along_axis": 0,
    "numpy.random.shuffle": 0,
    "random.shuffle": 0,
    "heapq.heappush": 0,
    "heapq.heappop": 0,
    "heapq.heapify": 0,
    "heapq.heapreplace": 0,
    "heapq.heappushpop": 0,
    "bisect.insort": 0,
    "bisect.insort_left": 0,
    "bisect.insort_right": 0,
    "operator.setitem": 0,
    "operator.delitem": 0,
    "operator.iadd": 0,
    "operator.ior": 0,
    "operator.imul": 0,
    "setattr": 0,
    "delattr": 0,
    "object.__setattr__": 0,
    "object.__delattr__": 0,
    "next": 0,
    "list.append": 0,
    "list.extend": 0,
    "list.insert": 0,
    "list.pop": 0,
    "list.remove": 0,
    "list.sort": 0,
    "list.reverse": 0,
    "list.clear": 0,
    "dict.update": 0,
    "dict.pop": 0,
    "dict.clear": 0,
    "dict.setdefault": 0,
    "dict.__setitem__": 0,
    "set.add": 0,
    "set.discard": 0,
    "set.update": 0,
    "collections.deque.append": 0,
    "pandas.DataFrame.insert": 0,
    "pandas.DataFrame.update": 0,
    "pandas.DataFrame.pop": 0,
}
"""Functions that edit the argument at this place."""

ALIASING_FUNCTIONS = frozenset(
    f"numpy.{name}"
    for name in """asarray asanyarray ascontiguousarray ravel reshape squeeze transpose atleast_1d
    atleast_2d broadcast_to swapaxes moveaxis expand_dims rollaxis flip diagonal real imag
    split array_split hsplit vsplit""".split()
)
"""What they return may share its memory with their first argument."""

PARTS_METHODS = frozenset("get setdefault pop popitem popleft".split())
VIEW_METHODS = frozenset(
    "reshape ravel view squeeze transpose swapaxes diagonal to_numpy __array__ __iter__".split()
)
SHALLOW_BUILTINS = frozenset(
    "list tuple set frozenset dict sorted reversed iter filter collections.deque copy.copy "
    "collections.OrderedDict collections.defaultdict collections.Counter itertools.chain "
    "itertools.islice itertools.chain.from_iterable types.SimpleNamespace".split()
)
"""A new container around the elements of the first argument."""

FRAME_ATTRIBUTES = frozenset("""
    loc iloc at iat columns dtypes groupby assign drop fillna merge isnull isna notna notnull
    value_counts drop_duplicates dropna set_index reset_index sort_values iterrows itertuples
    select_dtypes pivot_table melt query eval to_csv to_frame applymap str dt cat nunique interpolate
    get_dummies duplicated rename nlargest nsmallest
    """.split())
"""Having one of these makes an argument a frame or a series."""
INDEXERS = frozenset("loc iloc at iat".split())
PLOT_METHODS = frozenset("plot hist boxplot".split())


def effect_of_name(name: str) -> Effect | None:
    """What a call of the library or built-in function ``name`` does, whatever its arguments."""
    if name in PURE_NAMES:
        return None
    if name in CALLS:
        return CALLS[name]
    if name in CLOCK_NAMES:
        return CLOCK
    for prefix, effect in PREFIXES:
        if name.startswith(prefix):
            return effect
    return None
