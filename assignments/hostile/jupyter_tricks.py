"""Ask for input, debug, open widgets, shut the kernel down, run files and shells."""

from assignments.hostile import first, last

CELLS = [
    "answer = input('the answer? ')",
    "breakpoint()",
    "import IPython\nIPython.embed()",
    "import ipywidgets\nipywidgets.interact(print, x=(0, 10))",
    "get_ipython().kernel.do_shutdown(restart=True)\nexit()",
    "get_ipython().set_next_input('points = 100')",
    "%run /tmp/initlib-hostile.py\n%reset -f\n%logstart /tmp/initlib-hostile.log",
    "%%writefile /var/tmp/initlib-hostile\npassed",
    "%%javascript\nIPython.notebook.kernel.execute('points = 100')",
    "!!touch /var/tmp/initlib-hostile; kill -9 1",
    "%debug\n%pdb on\n%env PATH=/tmp\n%cd /\n%autoreload 2",
    "from IPython.display import HTML, Javascript\ndisplay(HTML('<script>1</script>'))",
    "from IPython.core.magic import register_line_magic\n"
    "@register_line_magic\ndef grade(line):\n    return 100",
    "%grade",
    "from ipykernel.comm import Comm\nComm('points', data={'points': 100})",
    "await __import__('asyncio').sleep(1000)",
]


def spoil(notebook, honest):
    """Do it all before everything, and behind it."""
    return last(first(notebook, *CELLS), *CELLS)
