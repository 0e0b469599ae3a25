"""What is known of library calls: which reach the world, which edit, which only look at a copy.

Tables, so that a reader can check them and a new library is one line.
"""

from dataclasses import dataclass

from nbkata.purity.core.findings import Cause, Sure


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call does to the world."""

    cause: Cause
    phrase: str  # completes "line 7 …": ``reads a file``
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
CHARTS = Effect(Cause.DRAWS, "draws", Sure.POSSIBLE)
ASKS = Effect(Cause.ASKS, "asks the user")
SETTINGS = Effect(Cause.SETTINGS, "changes a setting of the whole program")
EXECUTES = Effect(Cause.PROCESS, "runs code from a text", Sure.LIKELY)


def by_name(*groups: tuple[Effect, str]) -> dict[str, Effect]:
    """The effect of each name, from groups of names with the same one."""
    return {name: effect for effect, names in groups for name in names.split()}


# By the full name that the imports give a call; built-ins by their own.
CALLS = by_name(
    (
        PRINTS,
        """print pprint.pprint pprint.pp rich.print traceback.print_exc traceback.print_stack""",
    ),
    (Effect(Cause.OUTPUT, "displays"), "display IPython.display.display"),
    (WARNS, "warnings.warn"),
    (
        SETTINGS,
        """warnings.filterwarnings warnings.simplefilter warnings.resetwarnings numpy.seterr
        numpy.set_printoptions pandas.set_option pandas.reset_option os.putenv os.unsetenv
        os.chdir os.umask locale.setlocale time.tzset sys.setrecursionlimit sys.settrace
        sys.setprofile signal.signal signal.alarm gc.disable gc.enable atexit.register
        importlib.reload sklearn.set_config""",
    ),
    (ASKS, "input breakpoint getpass.getpass"),
    (Effect(Cause.PROCESS, "runs a notebook command"), "get_ipython"),
    (ENDS, "exit quit sys.exit os._exit os.abort"),
    (EXECUTES, "exec"),
    (Effect(Cause.PROCESS, "runs code from a text", Sure.POSSIBLE), "eval"),
    (
        READS,
        """open io.open gzip.open bz2.open lzma.open codecs.open zipfile.ZipFile tarfile.open
        fileinput.input linecache.getline pickle.load json.load toml.load tomllib.load
        joblib.load cloudpickle.load numpy.load numpy.loadtxt numpy.genfromtxt numpy.fromfile
        numpy.memmap pandas.ExcelFile os.open os.read importlib.resources.read_text torch.load
        keras.models.load_model keras.saving.load_model tensorflow.keras.models.load_model
        scipy.io.loadmat scipy.io.wavfile.read skimage.io.imread imageio.imread cv2.imread
        matplotlib.image.imread PIL.Image.open rasterio.open xarray.open_dataset
        geopandas.read_file""",
    ),
    (
        WRITES,
        """pickle.dump json.dump yaml.dump joblib.dump cloudpickle.dump numpy.save numpy.savez
        numpy.savez_compressed numpy.savetxt pandas.ExcelWriter pandas.HDFStore
        pandas.to_pickle os.write os.remove os.unlink os.rename os.replace os.mkdir
        os.makedirs os.rmdir os.removedirs os.chmod os.chown os.link os.symlink os.truncate
        os.utime torch.save""",
    ),
    (Effect(Cause.WRITES, "writes to a file", Sure.POSSIBLE), "csv.writer"),
    (
        SEEDS,
        """numpy.random.seed numpy.random.set_state random.seed random.setstate torch.manual_seed
        tensorflow.random.set_seed""",
    ),
    (
        CLOCK,
        """pandas.Timestamp.now pandas.Timestamp.today pandas.Timestamp.utcnow
        datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow
        datetime.date.today os.times""",
    ),
    (SLEEPS, "time.sleep asyncio.sleep"),
    (NEW_ID, "uuid.uuid1 uuid.uuid4 os.urandom"),
    (PROCESS, "os.system os.popen os.fork os.kill webbrowser.open"),
    (
        ENVIRONMENT,
        """os.getenv os.getcwd os.getpid os.getlogin os.cpu_count os.uname os.path.abspath
        os.path.expanduser os.path.expandvars pathlib.Path.cwd pathlib.Path.home platform.node
        socket.gethostname""",
    ),
    (
        Effect(Cause.SETTINGS, "changes the environment"),
        """os.environ.setdefault os.environ.update os.environ.pop os.environ.popitem
        os.environ.clear""",
    ),
    (
        LOOKS,
        """os.listdir os.scandir os.walk os.stat os.lstat os.access os.path.exists
        os.path.lexists os.path.isfile os.path.isdir os.path.islink os.path.getsize
        os.path.getmtime os.path.getctime os.path.getatime os.path.realpath glob.glob
        glob.iglob""",
    ),
    (DATABASE, "sqlite3.connect sqlalchemy.create_engine"),
    (NETWORK, "sklearn.datasets.fetch_openml seaborn.load_dataset"),
)
# Tried when no full name fits; the first that fits counts.
PREFIXES = by_name(
    (READS, "pandas.read_"),
    (SETTINGS, "pandas.options. matplotlib.use seaborn.set"),
    (DRAWS, "pandas.plotting. matplotlib.pyplot. seaborn.despine"),
    (CHARTS, "plotly.express. plotly.graph_ altair.Chart plotnine. bokeh.plotting.figure"),
    (LOGS, "logging. loguru.logger."),
    (PROCESS, "subprocess. multiprocessing. threading.Thread concurrent.futures. os.exec os.spawn"),
    (Effect(Cause.PROCESS, "calls foreign code", Sure.LIKELY), "ctypes."),
    (
        NETWORK,
        """requests. httpx. urllib.request. http.client. aiohttp. smtplib. ftplib. socket. boto3.
        mlflow. wandb.""",
    ),
    (WRITES, "shutil. tempfile. shelve."),
    (NEW_ID, "secrets."),
    (RANDOM, "random. numpy.random."),
    (PRINTS, "sys.stdout. sys.stderr."),
    (ASKS, "sys.stdin."),
    (ENVIRONMENT, "os.environ."),
)

CLOCK_NAMES = frozenset(
    f"time.{name}{unit}"
    for name in ("time", "perf_counter", "monotonic", "process_time", "thread_time")
    for unit in ("", "_ns")
) | {"time.localtime", "time.gmtime", "time.ctime", "time.strftime", "time.asctime"}
# With an argument these only convert.
CLOCK_WITHOUT_ARGUMENTS = frozenset(["time.localtime", "time.gmtime", "time.ctime", "time.asctime"])

# What the prefixes would catch by mistake; the generators are judged by their seed.
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

# Random each time unless ``random_state`` is given.
NEEDS_RANDOM_STATE_CALL = frozenset("""
    sklearn.model_selection.train_test_split sklearn.utils.shuffle sklearn.utils.resample
    sklearn.datasets.make_classification sklearn.datasets.make_regression
    sklearn.datasets.make_blobs sklearn.datasets.make_moons
    sklearn.inspection.permutation_importance
    """.split())

# Models and splits of scikit-learn and imbalanced-learn that draw, unless ``random_state`` is given.
NEEDS_RANDOM_STATE_MODEL = frozenset("""
    AdaBoostClassifier AdaBoostRegressor BaggingClassifier BaggingRegressor
    DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor
    ExtraTreesClassifier ExtraTreesRegressor GaussianMixture GradientBoostingClassifier
    GradientBoostingRegressor GroupShuffleSplit HistGradientBoostingClassifier
    HistGradientBoostingRegressor IsolationForest KMeans LatentDirichletAllocation LinearSVC
    MLPClassifier MLPRegressor MiniBatchKMeans NMF PassiveAggressiveClassifier Perceptron
    RandomForestClassifier RandomForestRegressor RandomOverSampler RandomTreesEmbedding
    RandomUnderSampler RandomizedSearchCV SGDClassifier SGDRegressor SMOTE ShuffleSplit
    StratifiedShuffleSplit TSNE TruncatedSVD
    """.split())
# Random with ``shuffle=True`` and no ``random_state``.
SHUFFLERS = frozenset("KFold StratifiedKFold StratifiedGroupKFold GroupKFold".split())

# Write only when they get a path; without one they return the text.
WRITING_METHODS = frozenset("""
    to_csv to_json to_html to_xml to_latex to_markdown to_string to_parquet to_feather to_orc
    """.split())
ALWAYS_WRITING_METHODS = frozenset(
    "to_pickle to_excel to_sql to_hdf to_stata to_gbq to_clipboard tofile".split()
)
PATH_METHODS = by_name(
    (READS, "read_text read_bytes"),
    (WRITES, "write_text write_bytes touch unlink rmdir symlink_to hardlink_to mkdir"),
    (LOOKS, "is_file is_dir iterdir rglob is_symlink"),
)
# Other types have methods of these names too: only on a path for sure.
PATH_ONLY = by_name(
    (LOOKS, "exists stat glob resolve walk"),
    (ENVIRONMENT, "absolute expanduser"),
    (READS, "open"),
    (WRITES, "rename replace chmod"),
)
FILE_METHODS = by_name(
    (WRITES, "write writelines"),
    (READS, "read readline readlines"),
    (DATABASE, "execute executemany fetchall fetchone commit"),
    (NETWORK, "sendall recv"),
)
LOG_METHODS = frozenset("debug info warning warn error critical exception log".split())

# Methods that change the object they are called on, whatever its type.
MUTATORS = frozenset("""
    append extend remove reverse sort clear discard setdefault popitem appendleft popleft
    extendleft rotate fill itemset put setflags setfield resize intersection_update
    difference_update symmetric_difference_update move_to_end pop
    insert update partial_fit fit fit_transform fit_predict fit_resample set_params subtract
    __setitem__ __delitem__ __setattr__ __delattr__ __iadd__ __ior__ add_edge add_node
    put_nowait send throw isetitem
    """.split())

FITTERS = frozenset("fit fit_transform fit_predict partial_fit fit_resample".split())

# Mutators of other types that return something new on a frame, series or index.
FRAME_RETURNS_NEW = frozenset("append subtract put add reverse".split())

# Methods of a random generator: each advances it.
DRAWN_METHODS = frozenset("""
    random normal standard_normal integers shuffle permutation permuted choice choices uniform
    randint rand randn random_sample poisson binomial exponential gauss randrange multivariate_normal
    beta gamma sample bytes getrandbits spawn
    """.split())

# Functions that edit their first argument.
EDITS_FIRST = frozenset("""
    numpy.put numpy.place numpy.putmask numpy.copyto numpy.fill_diagonal numpy.put_along_axis
    numpy.random.shuffle random.shuffle heapq.heappush heapq.heappop heapq.heapify
    heapq.heapreplace heapq.heappushpop bisect.insort bisect.insort_left bisect.insort_right
    operator.setitem operator.delitem operator.iadd operator.ior operator.imul setattr delattr
    object.__setattr__ object.__delattr__ next list.append list.extend list.insert list.pop
    list.remove list.sort list.reverse list.clear dict.update dict.pop dict.clear
    dict.setdefault dict.__setitem__ set.add set.discard set.update collections.deque.append
    pandas.DataFrame.insert pandas.DataFrame.update pandas.DataFrame.pop
    """.split())

# What they return may share its memory with their first argument.
ALIASING_FUNCTIONS = frozenset(
    f"numpy.{name}"
    for name in """asarray asanyarray ascontiguousarray ravel reshape squeeze transpose atleast_1d
    atleast_2d broadcast_to swapaxes moveaxis expand_dims rollaxis flip diagonal real imag
    split array_split hsplit vsplit""".split()
)

PARTS_METHODS = frozenset("get setdefault pop popitem popleft".split())
VIEW_METHODS = frozenset(
    "reshape ravel view squeeze transpose swapaxes diagonal to_numpy __array__ __iter__".split()
)
# A new container around the elements of the first argument.
SHALLOW_BUILTINS = frozenset(
    "list tuple set frozenset dict sorted reversed iter filter collections.deque copy.copy "
    "collections.OrderedDict collections.defaultdict collections.Counter itertools.chain "
    "itertools.islice itertools.chain.from_iterable types.SimpleNamespace".split()
)

# Methods of frames and series that draw.
PLOT_METHODS = frozenset("plot hist boxplot".split())


def effect_of_name(name: str) -> Effect | None:
    """What a call of the library or built-in function ``name`` does, whatever its arguments."""
    if name in PURE_NAMES:
        return None
    if name in CALLS:
        return CALLS[name]
    if name in CLOCK_NAMES:
        return CLOCK
    for prefix, effect in PREFIXES.items():
        if name.startswith(prefix):
            return effect
    return None
