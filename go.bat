@echo off
rem Check out and go. This finds any Python at all; src\nbkata\setup\shell\bootstrap.py does the rest, the
rem same on every system, and looks for a better Python itself.
setlocal
set "nbkata_python="
rem Each is asked for its own path: Windows has a python.exe of its own that only opens the store. And
rem a Python that runs from .venv would bar the update of .venv, so there it is the one it was made with.
for %%p in (python py python3) do if not defined nbkata_python for /f "usebackq delims=" %%e in (`%%p -E -s -S -c "import sys; print(getattr(sys, '_base_executable', '') or sys.executable)" 2^>nul`) do set "nbkata_python=%%e"
if not defined nbkata_python goto missing
"%nbkata_python%" -E -s "%~dp0src\nbkata\setup\shell\bootstrap.py" %*
exit /b %errorlevel%
:missing
echo nbkata needs Python 3.11 to 3.15, best 3.13, and found no Python here. Install one from python.org or with winget, then run: .\go 1>&2
if "%~1"=="ready" exit /b 1
exit /b 2
