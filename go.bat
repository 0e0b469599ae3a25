@echo off
rem Check out and go. This finds any Python at all; src\nbkata\shell\bootstrap.py does the rest, the
rem same on every system, and looks for a newer Python itself where this one is too old.
setlocal
set "nbkata_python="
rem Each is tried by running it: Windows has a python.exe of its own that only opens the store.
for %%p in (python py python3) do if not defined nbkata_python %%p -E -s -c "" >nul 2>nul && set "nbkata_python=%%p"
if not defined nbkata_python goto missing
%nbkata_python% -E -s "%~dp0src\nbkata\shell\bootstrap.py" %*
exit /b %errorlevel%
:missing
echo nbkata needs Python 3.11, 3.12 or 3.13, and found no Python here. Install one from python.org or with winget, then run: .\go 1>&2
exit /b 2
