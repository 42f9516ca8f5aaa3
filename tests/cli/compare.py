"""compare.py ROOT LISTING [REFERENCE]: an unpacked tree against 'imgtui ls --format json'; with a
reference also against the contents, link targets, names of one file and extended attributes there."""
import base64, json, os, stat, sys

LETTERS = {"file": stat.S_ISREG, "dir": stat.S_ISDIR, "symlink": stat.S_ISLNK}


def read_listing(path):
    nodes = {}
    for line in open(path, encoding="utf-8"):
        node = json.loads(line)
        name = base64.b64decode(node["path_base64"]) if "path_base64" in node else node["path"].encode()
        nodes[name] = node
    return nodes


def attribute_differences(path, node, there):
    if node["type"] in LETTERS and not LETTERS[node["type"]](there.st_mode):
        yield f"{path}: another type"
    if (there.st_uid, there.st_gid) != (node["uid"], node["gid"]):
        yield f"{path}: {there.st_uid}:{there.st_gid}, not {node['uid']}:{node['gid']}"
    if node["type"] != "symlink" and there.st_mode & 0o7777 != int(node["mode"], 8):
        yield f"{path}: {there.st_mode & 0o7777:04o}, not {node['mode']}"
    if node["type"] == "file" and there.st_size != node["size"]:
        yield f"{path}: {there.st_size} bytes, not {node['size']}"
    if node["type"] == "file" and node.get("links", 1) != there.st_nlink:
        yield f"{path}: {there.st_nlink} names, not {node.get('links', 1)}"


def xattrs(path):
    return {name: os.getxattr(path, name, follow_symlinks=False)
            for name in os.listxattr(path, follow_symlinks=False)
            if name.startswith("user.") and "overlay" not in name and "containers" not in name or
            name == "security.capability"}


def content_differences(path, here, there):
    kind = os.lstat(here).st_mode
    if stat.S_ISLNK(kind) and os.readlink(here) != os.readlink(there):
        yield f"{path}: to {os.readlink(here)}, not {os.readlink(there)}"
    if stat.S_ISREG(kind) and open(here, "rb").read() != open(there, "rb").read():
        yield f"{path}: other contents"
    if xattrs(here) != xattrs(there):
        yield f"{path}: {xattrs(here)}, not {xattrs(there)}"


def differences(root, nodes, reference):
    for path, node in nodes.items():
        here = root + path
        if path == b"/":
            continue
        if not os.path.lexists(here):
            yield f"{path}: is not there"
            continue
        yield from attribute_differences(path, node, os.lstat(here))
        if reference and os.path.lexists(reference + path):
            yield from content_differences(path, here, reference + path)
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)[len(root):]
            if path not in nodes:
                yield f"{path}: not listed"


def names_of_one_file(root, nodes):
    """The names that share an inode, by the tree and by the listing."""
    by_tree, by_listing = {}, {}
    for path, node in nodes.items():
        if node["type"] == "file" and node.get("links", 1) > 1:
            by_listing.setdefault(node["inode"], set()).add(path)
            by_tree.setdefault(os.lstat(root + path).st_ino, set()).add(path)
    if sorted(map(sorted, by_tree.values())) != sorted(map(sorted, by_listing.values())):
        yield "other hard links"


def main():
    root = os.fsencode(sys.argv[1])
    reference = os.fsencode(sys.argv[3]) if len(sys.argv) > 3 else None
    nodes = read_listing(sys.argv[2])
    wrong = list(differences(root, nodes, reference)) or list(names_of_one_file(root, nodes))
    if not nodes:
        wrong.append("nothing is listed")
    print(*wrong[:20], sep="\n")
    return bool(wrong)


sys.exit(main())
