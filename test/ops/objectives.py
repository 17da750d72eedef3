# Writes objectives.json: losses of PyTorch with their gradients, in float64.
#     python3 test/ops/objectives.py > test/ops/objectives.json
import json
import sys
import torch
import torch.nn.functional as F
torch.set_default_dtype(torch.float64)
x=torch.tensor([[0.5,-1.25,2.0],[1.5,0.25,-0.75],[-2.0,3.0,0.125],[0.0,1.0,-1.0]])
y=torch.tensor([2,0,1,1]); w=torch.tensor([0.5,2.0,1.25]); soft=torch.tensor([[0.2,0.3,0.5],[1.,0.,0.],[.25,.5,.25],[0.1,0.8,0.1]])
yi=torch.tensor([2,-1,1,1]); p=torch.sigmoid(x); t=soft
out={}
def rec(name,f):
    v=x.clone().requires_grad_(True); r=f(v); r.sum().backward()
    out[name]={"value":r.detach().flatten().tolist(),"grad":v.grad.flatten().tolist()}
for red in ["mean","sum","none"]:
    rec(f"mse {red}",lambda v:F.mse_loss(v,t,reduction=red))
    rec(f"huber {red}",lambda v:F.huber_loss(v,t,reduction=red,delta=0.7))
    rec(f"bce {red}",lambda v:F.binary_cross_entropy(torch.sigmoid(v),t,reduction=red))
    rec(f"bceWithLogits {red}",lambda v:F.binary_cross_entropy_with_logits(v,t,reduction=red))
    rec(f"nll {red}",lambda v:F.nll_loss(F.log_softmax(v,-1),yi,weight=w,ignore_index=-1,reduction=red))
    rec(f"crossEntropy {red}",lambda v:F.cross_entropy(v,yi,weight=w,ignore_index=-1,label_smoothing=.1,reduction=red))
    rec(f"smoothed {red}",lambda v:F.cross_entropy(v,y,label_smoothing=.2,reduction=red))
    rec(f"weighted {red}",lambda v:F.cross_entropy(v,y,weight=w,reduction=red))
    rec(f"soft {red}",lambda v:F.cross_entropy(v,soft,weight=w,label_smoothing=.1,reduction=red))
rec("kl mean",lambda v:F.kl_div(F.log_softmax(v,-1),t,reduction="batchmean"))
rec("kl sum",lambda v:F.kl_div(F.log_softmax(v,-1),t,reduction="sum"))
rec("kl none",lambda v:F.kl_div(F.log_softmax(v,-1),t,reduction="none").sum(-1))
json.dump({"torch":torch.__version__,"cases":out},sys.stdout)
