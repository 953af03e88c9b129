/// What Spark runs for `SparkSQL`.
enum SparkSQLJob {
    /// What the job is told.
    struct Order: Encodable {
        /// The name under which the statement looks for the documents.
        var table: String
        /// `nil`: the table is one that the engine has.
        var inputs: [String]?
        /// Fields of an event that have to be texts, and those that may be missing or null besides.
        var texts: [[String]]
        var textsOrNone: [[String]]
        var error: [String]
        var time: [String]
        /// Fields whose JSON the answer holds, and fields of which it tells what they are.
        var values: [[String]]
        var kinds: [[String]]
    }

    /// What the job says of an input: how many records it has, or why it was left alone.
    struct Read: Decodable {
        var input: Int
        var records: Int?
        var odd: String?
    }

    /// A document is judged by the statement only if SQL cannot take it for another than a reader of files does. What it is
    /// decided by is stated in the job itself; everything else is odd and comes back by its number.
    static let python = #"""
        import datetime
        import gzip
        import json
        import os
        import re
        import sys
        import zlib

        from pyspark import StorageLevel
        from pyspark.sql import SparkSession
        from pyspark.sql.functions import struct, to_json
        from pyspark.sql.types import IntegerType, LongType, StringType, StructField, StructType

        DOCUMENT_BYTES = 64 << 20
        # In characters, of which each has four bytes at most: a reader of files takes records of 8 MiB.
        RECORD_CHARACTERS = 2 << 20
        # A record with fewer brackets is not too deep for anybody.
        RECORD_BRACKETS = 500
        SHARE_BYTES = 32 << 20
        BEGIN = re.compile(r'[ \t\n\r]*\{[ \t\n\r]*"Records"[ \t\n\r]*:[ \t\n\r]*\[[ \t\n\r]*')
        BETWEEN = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
        END = re.compile(r"[ \t\n\r]*\][ \t\n\r]*\}[ \t\n\r]*")
        SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
        # What VARIANT keeps as a decimal, and writes as it was.
        DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]")
        TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")


        class Odd(Exception):
            """Why a document is left to a reader of files."""


        class Inexact:
            """Stands for a number that VARIANT may write in another way: with an exponent, or of many digits."""


        INEXACT = Inexact()


        def below(value, path):
            for name in path:
                if type(value) is not dict:
                    return None
                value = value.get(name)
            return value


        def holds_inexact(value):
            if type(value) is dict:
                return any(map(holds_inexact, value.values()))
            return any(map(holds_inexact, value)) if type(value) is list else value is INEXACT


        class Reader:
            def __init__(self, job):
                self.job = job
                self.has_inexact = False
                self.scan = json.JSONDecoder(
                    object_pairs_hook=self.object, parse_int=self.integer, parse_float=self.number,
                    parse_constant=self.constant).scan_once

            def object(self, members):
                value = dict(members)
                if len(value) != len(members):
                    raise Odd("a name that comes twice")
                return value

            def integer(self, text):
                return int(text) if len(text) <= 18 and text != "-0" and text.isascii() else self.number(text)

            def number(self, text):
                if len(text) <= 18 and DECIMAL.fullmatch(text):
                    return float(text)
                self.has_inexact = True
                return INEXACT

            def constant(self, text):
                raise Odd("`%s` is no JSON" % text)

            def row(self, number, path):
                """(input, document, records, why it is odd)"""
                try:
                    with open(path, "rb") as file:
                        is_gzip = file.read(2) == b"\x1f\x8b"
                        file.seek(0)
                        data = (gzip.GzipFile(fileobj=file) if is_gzip else file).read(DOCUMENT_BYTES + 1)
                    if len(data) > DOCUMENT_BYTES:
                        raise Odd("more than %d bytes" % DOCUMENT_BYTES)
                    text = data.decode("utf-8")
                    return number, text, self.records(text), None
                except (Odd, ValueError, OSError, EOFError, RecursionError, zlib.error) as error:
                    return number, None, None, str(error) or type(error).__name__

            def records(self, text):
                """How many records a document has that is one object of a list `Records` and nothing else."""
                match = BEGIN.match(text)
                if not match:
                    raise Odd("not one object of `Records`")
                at, count = match.end(), 0
                if END.fullmatch(text, at):
                    return 0
                while match:
                    start, self.has_inexact = match.end(), False
                    try:
                        event, at = self.scan(text, start)
                    except StopIteration:
                        raise Odd("no JSON at character %d" % start)
                    self.check(event, text, start, at)
                    count += 1
                    match = BETWEEN.match(text, at)
                if not END.fullmatch(text, at):
                    raise Odd("no JSON at character %d, or more than `Records`" % at)
                return count

            def check(self, event, text, start, end):
                if type(event) is not dict:
                    raise Odd("a record that is no object")
                if end - start > RECORD_CHARACTERS or text.count("[", start, end) + text.count("{", start, end) > RECORD_BRACKETS:
                    raise Odd("a record that is large or deep")
                if SURROGATE.search(text, start, end):
                    # A half of a pair cannot be encoded, which is a ValueError.
                    json.dumps(event, ensure_ascii=False, default=str).encode("utf-8")
                for path in self.job["texts"]:
                    if type(below(event, path)) is not str:
                        raise Odd("no text at `%s`" % ".".join(path))
                for path in self.job["textsOrNone"]:
                    if type(below(event, path)) not in (str, type(None)):
                        raise Odd("no text at `%s`" % ".".join(path))
                if type(below(event, self.job["error"])) in (dict, list):
                    raise Odd("no text at `%s`" % ".".join(self.job["error"]))
                time = below(event, self.job["time"])
                if time is not None:
                    match = TIME.fullmatch(time) if type(time) is str else None
                    # A day that there is not is a ValueError.
                    if not match or datetime.datetime(*map(int, match.groups())).year < 1970:
                        raise Odd("a time in another form")
                if self.has_inexact:
                    if any(below(event, path) is INEXACT for path in self.job["kinds"]):
                        raise Odd("a number that SQL may write in another way")
                    if any(holds_inexact(below(event, path)) for path in self.job["values"]):
                        raise Odd("a number that SQL may write in another way")


        def read(job, files):
            reader = Reader(job)
            return (reader.row(number, path) for number, path in files)


        def size(path):
            try:
                return os.path.getsize(path)
            except OSError:
                return 0


        def deal(inputs, cores):
            """Shares of the files, the largest first and dealt out in turn, as many for each core: they end at about the same time."""
            sizes = sorted(((size(path), number, path) for number, path in enumerate(inputs)), reverse=True)
            count = min(len(inputs), -(-max(sum(s[0] for s in sizes) // SHARE_BYTES + 1, 2 * cores) // cores) * cores)
            return [[(number, path) for _, number, path in sizes[share::count]] for share in range(count)]


        def documents(spark, job, shares):
            """Makes the table of the documents that SQL may judge; what was read of each file."""
            rows = spark.sparkContext.parallelize(shares, len(shares)).flatMap(lambda files: read(job, files))
            schema = StructType([
                StructField("input", IntegerType()), StructField("document", StringType()), StructField("records", LongType()),
                StructField("odd", StringType())])
            # The statement goes over the documents several times.
            table = spark.createDataFrame(rows, schema, verifySchema=False).persist(StorageLevel.DISK_ONLY)
            found = [row.asDict() for row in table.select("input", "records", "odd").collect()]
            table.where("odd IS NULL").select("input", "document").createOrReplaceTempView(job["table"])
            return found


        def main(folder):
            with open(os.path.join(folder, "job.json")) as file:
                job = json.load(file)
            inputs = job.pop("inputs", None)
            with open(os.path.join(folder, "statement.sql")) as file:
                statement = file.read()
            spark = SparkSession.builder.appName("domicile " + job["table"]).getOrCreate()
            context = spark.sparkContext
            context.setLogLevel("OFF")
            shares = deal(inputs, context.defaultParallelism) if inputs is not None else []
            # What the statement means is not for a user's defaults to say.
            settings = {
                "spark.sql.ansi.enabled": "true",
                "spark.sql.ansi.doubleQuotedIdentifiers": "false",
                "spark.sql.parser.escapedStringLiterals": "false",
                "spark.sql.session.timeZone": "UTC",
                "spark.sql.variant.allowDuplicateKeys": "false",
                "spark.sql.shuffle.partitions": str(len(shares) or 2 * context.defaultParallelism),
                # The statement's cases are more than Spark can compile: it would try and fail for each task.
                "spark.sql.codegen.wholeStage": "false",
                "spark.sql.codegen.factoryMode": "NO_CODEGEN",
                "spark.sql.constraintPropagation.enabled": "false",
            }
            for name, value in settings.items():
                spark.conf.set(name, value)
            # Without inputs the statement's table is one that the engine has.
            found = documents(spark, job, shares) if inputs is not None else []
            with open(os.path.join(folder, "read"), "w") as file:
                json.dump(found, file)
            answer = spark.sql(statement)
            with open(os.path.join(folder, "answer"), "wb") as file:
                for row in answer.select(to_json(struct(*answer.columns))).toLocalIterator():
                    file.write(row[0].encode("utf-8") + b"\n")
            with open(os.path.join(folder, "done"), "w") as file:
                file.write(str(len(found)))
            spark.stop()


        try:
            main(sys.argv[1])
        except Exception as error:
            # The first line names a call, the second what became of it.
            sys.stderr.write("\nDOMICILE %s\n" % " ".join(str(error).split("\n")[:2]))
            raise
        """#
}
