"""The names of shells.sh: make NAMES SEED writes layer.tar, in.tar and plan.json; compare ROOT LISTING."""
import base64, hashlib, io, json, os, random, stat, sys, tarfile

AWKWARD = [b"-R", b"--", b"-rf", b"--help", b"$(touch x)", b"`touch x`", b"$HOME", b"*", b"?", b"[a-z]", b"~",
           b"~root", b"'", b"''", b'"', b"'\"'", b"\\", b"\\n", b"a b", b" ", b"\n", b"\n\n", b"a\nb", b"\t", b"\r", b"#x",
           b"!x", b"!!", b";touch x", b"&touch x", b"|touch x", b">x", b"<x", b"$(", b"${x", b"`", b"a'b'c",
           b"'; touch x; '", b"$'\\n'", b"\x01", b"\x7f", b"\xff", b"\xc3", b"\xe2\x80\xae", b"\xc3\xa9", b"...", b"..x",
           b"{a,b}", b"=x", b"=ls", b"%s", b"%n", b"x=y", b"EOF", b"./x"[2:], b"-", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80"]


def component(rnd):
    kind = rnd.random()
    if kind < 0.3:
        return rnd.choice(AWKWARD)
    if kind < 0.4:
        return rnd.choice(AWKWARD) * 255
    if kind < 0.7:
        return rnd.choice(AWKWARD) + rnd.choice(AWKWARD) + str(rnd.randrange(1000)).encode()
    return bytes(rnd.choice([b for b in range(1, 256) if b != 47]) for _ in range(rnd.choice((1, 3, 20, 255))))


def paths(count, rnd):
    """Files, and the folders that they are in; some as long as a path can be."""
    folders, files, taken = [b"app"], [], {b"app"}
    while len(folders) + len(files) < count:
        name = component(rnd)[:255]
        path = rnd.choice(folders[-20:] if rnd.random() < 0.3 else folders) + b"/" + name
        if name in (b".", b"..") or path in taken or len(path) > 4000:
            continue
        taken.add(path)
        (folders if rnd.random() < 0.2 else files).append(path)
    return folders, files


def entry(path, kind, data=b""):
    info = tarfile.TarInfo(os.fsdecode(path))
    info.type, info.size = kind, len(data)
    info.mode = 0o755 if kind == tarfile.DIRTYPE else 0o600
    info.linkname = "/nowhere" if kind == tarfile.SYMTYPE else ""
    return info, io.BytesIO(data)


def make(count, seed):
    rnd = random.Random(seed)
    folders, files = paths(count, rnd)
    wants = []
    with tarfile.open("layer.tar", "w", format=tarfile.GNU_FORMAT, errors="surrogateescape") as tar:
        for path in folders + files:
            kind = tarfile.DIRTYPE if path in set_of(folders) else tarfile.SYMTYPE if rnd.random() < 0.1 else tarfile.REGTYPE
            tar.addfile(*entry(path, kind))
            want = {"path_base64": base64.b64encode(path).decode(), "uid": rnd.randrange(3000), "gid": rnd.randrange(3000)}
            if kind != tarfile.SYMTYPE:
                want["mode"] = "%04o" % rnd.choice((0o755, 0o700, 0o711) if kind == tarfile.DIRTYPE else
                                                    (0o644, 0o600, 0o4755, 0o2711, 0, 0o777))
            wants.append(want)
    with open("plan.json", "w") as plan:
        json.dump({"schema": "imgtui.plan/1", "steps": [{"rule": "", "title": "names", "config": [], "wants": wants}]}, plan)
    layer = open("layer.tar", "rb").read()
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {
        "type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]}}).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": ["names:1"], "Layers": ["layer.tar"]}]).encode()
    with tarfile.open("in.tar", "w") as tar:
        for name, data in ((b"config.json", config), (b"layer.tar", layer), (b"manifest.json", manifest)):
            tar.addfile(*entry(name, tarfile.REGTYPE, data))


def set_of(items, kept={}):
    return kept.setdefault(id(items), frozenset(items))


def differences(root, listing):
    there = set()
    for line in open(listing, encoding="utf-8"):
        node = json.loads(line)
        path = base64.b64decode(node["path_base64"]) if "path_base64" in node else node["path"].encode()
        there.add(path)
        if path == b"/":
            continue
        have = os.lstat(root + path)
        if (have.st_uid, have.st_gid) != (node["uid"], node["gid"]):
            yield f"{path}: {have.st_uid}:{have.st_gid}, not {node['uid']}:{node['gid']}"
        if node["type"] != "symlink" and stat.S_IMODE(have.st_mode) != int(node["mode"], 8):
            yield f"{path}: {stat.S_IMODE(have.st_mode):04o}, not {node['mode']}"
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)[len(root):]
            if path not in there:
                yield f"{path}: was made"


if sys.argv[1] == "make":
    make(int(sys.argv[2]), int(sys.argv[3]))
else:
    wrong = list(differences(os.fsencode(sys.argv[2]), sys.argv[3]))
    print(*wrong[:5], sep="\n", end="\n" if wrong else "")
    sys.exit(bool(wrong))
